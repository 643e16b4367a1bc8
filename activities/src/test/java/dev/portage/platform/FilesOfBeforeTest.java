package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.settings.Settings;
import dev.portage.settings.SettingsOrder;
import dev.portage.temporal.Payloads;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files of teams and platform teams, with every key that an earlier commit knew, and the settings
 * that the code of that commit made of them.
 */
class FilesOfBeforeTest {

  private static final List<String> NOTEBOOKS =
      List.of("notebooks/check.ipynb", "notebooks/train.py", "notebooks/score.py");

  @ParameterizedTest
  @CsvSource({"3a7fa37, 'dev,qa,prod,shelf'", "2b7adfa, 'dev,qa,prod,basic,shelf'"})
  void anOlderPlatformFileIsStillAccepted(String commit, String names) throws IOException {
    Platform platform = platform(commit);

    assertThat(platform.workspaces()).extracting(Workspace::name).containsExactly(names.split(","));
    assertThat(platform.path()).containsExactly("dev", "qa", "prod");
    assertThat(platform.tiers()).extracting(Tier::name).containsExactly("critical", "one", "rest");
    assertThat(platform.tiers().getFirst().expires()).isEqualTo(Duration.ofHours(12));
    assertThat(platform.tiers().getLast().approve()).isEmpty();
    assertThat(platform.groups()).containsKeys("model-owners", "model-risk");
    assertThat(platform.ledger()).isEqualTo("releases");
    assertThat(platform.people()).hasSize(commit.equals("3a7fa37") ? 0 : 2);
    Workspace dev = platform.workspaces().getFirst();
    assertThat(dev.transfers()).isEqualTo(8);
    assertThat(dev.pool()).isEqualTo("ml-small");
    assertThat(dev.warehouse()).isEqualTo("reports");
    assertThat(dev.runtime()).isEqualTo("16.4.x-cpu-ml-scala2.12");
    assertThat(dev.tables()).isEqualTo("dev.ml.{table}");
    assertThat(dev.ui()).hasToString("https://ui.dev.example.com");
    assertThat(dev.mlflow()).hasToString("https://mlflow.dev.example.com");
    assertThat(dev.reader()).isNotNull();
    assertThat(dev.compute()).containsOnlyKeys("default");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3a7fa37", "2b7adfa"})
  void anOlderPromotionFileKeepsItsMeaning(String commit) throws IOException {
    Platform platform = platform(commit);
    Settings then = Payloads.mapper().readValue(text(commit, "settings.json"), Settings.class);

    Settings now =
        new EffectiveSettings(() -> platform)
            .settings(
                new SettingsOrder(
                    "promotion.yaml", text(commit, "promotion.yaml"), NOTEBOOKS, null));

    // How a value is displayed may change; that it is displayed, and its source, may not. Nobody
    // could ever set patience.
    assertThat(now.values())
        .extracting(value -> value.name() + " of " + value.origin())
        .containsAll(
            then.values().stream()
                .filter(value -> !value.name().equals("patience"))
                .map(value -> value.name() + " of " + value.origin())
                .toList());
    // Rehearsals did not exist then; they are on unless a file says no. Nor did an order among the
    // promotions of a model, in which the newest wins. A kind of workspace can do more by now.
    assertThat(now)
        .usingRecursiveComparison()
        .ignoringFields(
            "values",
            "approvals",
            "batch.work",
            "rehearsal",
            "receivers",
            "concurrency",
            "path.capabilities")
        .isEqualTo(then);
    assertThat(Objects.requireNonNull(now.batch()).scoring())
        .isEqualTo(Objects.requireNonNull(then.batch()).scoring());
    assertThat(now.approvals().keySet()).isEqualTo(then.approvals().keySet());
    assertThat(now.approvals())
        .allSatisfy((workspace, policy) -> {
          assertThat(policy.groups()).containsExactly("model-owners", "model-risk");
          assertThat(policy.expires()).isEqualTo(Duration.ofHours(12));
        });
  }

  private static Platform platform(String commit) throws IOException {
    return switch (Platform.read("portage.yaml", text(commit, "portage.yaml"), TestKinds.ALL)) {
      case Reading.Good<Platform>(Platform platform) -> platform;
      case Reading.Wrong<Platform>(List<ValidationError> errors) ->
          throw new AssertionError(errors.toString());
    };
  }

  private static String text(String commit, String name) throws IOException {
    String path = "/written-by-" + commit + "/" + name;
    try (InputStream file = FilesOfBeforeTest.class.getResourceAsStream(path)) {
      return new String(Objects.requireNonNull(file, path).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
