package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.eventlog.MlflowReleases;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.FakeServers;
import dev.portage.mlflow.MlflowRegistry;
import dev.portage.registry.Champion;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.Tags;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.store.tracking.ArtifactStores;
import dev.portage.temporal.Payloads;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What earlier commits left in workspaces: the record next to a model, and a version's tags. The
 * files were written by those commits' own code and are never edited.
 */
class WrittenBeforeTest {
  private static final String PROMOTION = "promotion/churn/0123456789ab";
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String DIGEST =
      "4c043adc7390b9335b0df224542a477820e515a22658e44a30ff2a157d76d139";

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final FakeMlflow dev = new FakeMlflow(http, "dev", true);
  private final FakeMlflow prod = new FakeMlflow(http, "prod", true);

  @AfterEach
  void close() {
    dev.close();
    prod.close();
    http.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3a7fa37", "2b7adfa"})
  void aReleasesRecordIsReadNextToTheModel(String commit) throws IOException {
    FakeServers servers = FakeServers.of(dev, prod);
    MlflowReleases releases =
        new MlflowReleases(servers, new MlflowRegistry(servers), ArtifactStores.standard());
    String run = FakeMlflow.idOf(prod.addRun("/churn", "train", Map.of()));
    prod.files().put("1/" + run + "/artifacts/portage/release.json", file(commit, "release.json"));

    Release release = releases.recorded(new RecordQuery("prod", run)).orElseThrow();

    assertThat(release.isOf(PROMOTION, "prod", "3")).isTrue();
    assertThat(release.previousVersion()).isEqualTo("2");
    assertThat(release.digest()).isEqualTo(DIGEST);
    assertThat(release.commit()).isEqualTo(COMMIT);
    assertThat(release.jobId()).isEqualTo(101L);
    assertThat(release.jobRunsAs()).isNull();
    assertThat(release.at()).hasToString("2026-01-02T03:05:06.789Z");
    assertThat(release.decisions())
        .singleElement()
        .satisfies(decision -> {
          assertThat(decision.by()).isEqualTo("ana@example.com");
          assertThat(decision.group()).isEqualTo("model-owners");
          assertThat(decision.comment()).isEqualTo("looks good");
          assertThat(decision.person())
              .isEqualTo(commit.equals("3a7fa37") ? null : "ana@example.com");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"3a7fa37", "2b7adfa"})
  void aVersionsTagsShowItsPromotionAndThatItWasReleased(String commit) throws IOException {
    Map<String, String> tags =
        Payloads.mapper().readValue(file(commit, "version-tags.json"), new TypeReference<>() {});
    ObjectNode version = Payloads.mapper().createObjectNode();
    version.put("name", "churn").put("version", "3").put("status", "READY");
    version.put("current_stage", "Production");
    tags.forEach(
        (key, value) -> version.withArray("tags").addObject().put("key", key).put("value", value));
    prod.versions().add(version);
    MlflowRegistry registry = new MlflowRegistry(FakeServers.of(dev, prod));

    Champion champion =
        registry.champion(new ModelQuery("prod", "churn", Marking.STAGES)).orElseThrow();

    assertThat(champion.promotion()).isEqualTo(PROMOTION);
    assertThat(champion.digest()).isEqualTo(DIGEST);
    assertThat(champion.commit()).isEqualTo(COMMIT);
    assertThat(Tags.recordRelease(champion.version().tags())).isTrue();
    assertThat(champion.version().tags()).isEqualTo(tags);
    assertThat(registry.versionsOf(new PromotionQuery("prod", "churn", PROMOTION)))
        .extracting(ModelVersion::version)
        .containsExactly("3");
  }

  private static byte[] file(String commit, String name) throws IOException {
    String path = "/written-by-" + commit + "/" + name;
    try (InputStream file = WrittenBeforeTest.class.getResourceAsStream(path)) {
      return Objects.requireNonNull(file, path).readAllBytes();
    }
  }
}
