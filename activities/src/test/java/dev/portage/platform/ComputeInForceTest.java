package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.document.Reading;
import dev.portage.failure.Problem;
import dev.portage.settings.EffectiveValue;
import dev.portage.settings.Settings;
import dev.portage.settings.SettingsOrder;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ComputeInForceTest {
  private static final List<String> FILES = List.of("train.py", "score.py");

  private static final String PLATFORM =
      """
      workspaces:
        dev:
          host: http://127.0.0.1:1001
          token: file:dev.token
          compute:
            gpu-small: { libraries: [requirements.txt] }
        prod: { host: "http://127.0.0.1:1003", token: "file:prod.token", pool: ml-large }
      compute:
        default: { serverless: 4 }
        gpu-small: { node-type: g5.xlarge, policy: ml-gpu }
        big: { pool: ml-large, workers: 8 }
      identity: claimed
      """;

  private static final String FILE =
      """
      model: diabetes
      train:
        notebook: train.py
        compute: gpu-small
      batch:
        notebook: score.py
        compute: big
      """;

  @Test
  void whatAWordMeansIsListedForEachWorkspaceWhereItIsUsed() {
    assertThat(settings(PLATFORM, FILE, Map.of("requirements.txt", "shap\n")).values())
        .contains(
            new EffectiveValue("train.compute", "gpu-small", "promotion.yaml:4"),
            new EffectiveValue(
                "dev.compute.gpu-small",
                "g5.xlarge, policy ml-gpu, with requirements.txt",
                "portage.yaml:6"),
            new EffectiveValue(
                "dev.compute.default", "serverless, environment version 4", "portage.yaml:9"),
            new EffectiveValue("prod.compute.big", "pool ml-large, 8 workers", "portage.yaml:11"),
            new EffectiveValue("prod.pool", "ml-large", "portage.yaml:7"))
        .noneMatch(value -> value.name().equals("prod.compute.gpu-small"))
        .noneMatch(value -> value.name().equals("dev.pool"));
  }

  @Test
  void anUnknownWordIsNamedWithTheExistingOnes() {
    Problem problem =
        problem(PLATFORM, FILE.replace("gpu-small", "gpu-smal"), Map.of("requirements.txt", ""));

    assertThat(problem.where()).isEqualTo("promotion.yaml:4");
    assertThat(problem.cameBack())
        .isEqualTo(
            "train names compute \"gpu-smal\", which portage.yaml does not define for workspace"
                + " dev; did you mean \"gpu-small\"? allowed: big, default, gpu-small");
  }

  @Test
  void aWordOfOneWorkspaceIsMissingInAnother() {
    String platform = PLATFORM.replace("  big: { pool: ml-large, workers: 8 }\n", "");

    assertThat(problem(platform, FILE, Map.of("requirements.txt", "")).cameBack())
        .contains("batch names compute \"big\"")
        .contains("workspace prod")
        .contains("allowed: default, gpu-small");
  }

  @Test
  @Tag("S4.12")
  void aRequirementsFileMissingInTheCommitIsNamedBeforeTraining() {
    Problem lacking = problem(PLATFORM, FILE, null);
    assertThat(lacking.where()).isEqualTo("promotion.yaml:4");
    assertThat(lacking.cameBack())
        .contains("compute gpu-small installs requirements.txt, which is not in the commit")
        .contains("add and commit it");

    assertThat(problem(PLATFORM, FILE, Map.of("requirement.txt", "shap")).cameBack())
        .contains("did you mean \"requirement.txt\"?");
  }

  @Test
  @Tag("S4.12")
  void whatAWorkspaceCannotInstallIsNamedWithItsLine() {
    assertThat(
            problem(
                    PLATFORM,
                    FILE,
                    Map.of("requirements.txt", "shap\n-e .\n-r more/requirements.txt\n"))
                .cameBack())
        .contains("compute gpu-small can't install requirements.txt: ")
        .contains("requirements.txt:2 has the option -e")
        .contains("requirements.txt:3 includes more/requirements.txt, which is not in the commit");
  }

  @Test
  void aPackageThatNothingInstallsIsNamedBeforeTraining() {
    String file = "model: diabetes\ntrain: { wheel: { package: churn, entry-point: fit }%s }\n";

    Problem problem = problem(PLATFORM, file.formatted(""), null);

    assertThat(problem.where()).isEqualTo("promotion.yaml:2");
    assertThat(problem.cameBack())
        .isEqualTo(
            "nothing installs package churn: train.wheel has no file, and compute default has no"
                + " libraries in workspace dev; allowed: file: the path of an uploaded wheel; or a"
                + " compute word whose libraries have the package");
    // A policy may install it, and one of the word's library files may depend on it.
    String governed =
        PLATFORM.replace("gpu-small: { libraries: [requirements.txt] }", "a: {pool: p}");
    assertThat(settings(governed, file.formatted(", compute: gpu-small"), null).train())
        .isNotNull();
    String listed =
        PLATFORM.replace("{ serverless: 4 }", "{ serverless: 4, libraries: [ml-base] }");
    assertThat(settings(listed, file.formatted(""), null).train()).isNotNull();
  }

  @Test
  void aJobOfTheTeamsNeedsNoWord() {
    assertThat(settings(PLATFORM, "model: diabetes\ntrain: { job: nightly }\n", null).values())
        .noneMatch(value -> value.name().equals("dev.compute.gpu-small"));
  }

  private static Settings settings(
      String platform, String file, @Nullable Map<String, String> requirements) {
    return new EffectiveSettings(() -> source(platform))
        .settings(new SettingsOrder("promotion.yaml", file, FILES, requirements));
  }

  private static Platform source(String text) {
    return switch (Platform.read("portage.yaml", text, TestKinds.ALL)) {
      case Reading.Good<Platform>(Platform platform) -> platform;
      case Reading.Wrong<Platform> wrong -> throw new AssertionError(wrong.errors());
    };
  }

  private static Problem problem(
      String platform, String file, @Nullable Map<String, String> requirements) {
    ApplicationFailure failure =
        catchThrowableOfType(
            ApplicationFailure.class, () -> settings(platform, file, requirements));
    return failure.getDetails().get(Problem.class);
  }
}
