package dev.portage.sandbox.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.http.OutboundHttp;
import dev.portage.job.RunRef;
import dev.portage.mlflow.MlflowRegistry;
import dev.portage.mlflow.MlflowTracking;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marked;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.PromotionQuery;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import dev.portage.sandbox.RealServers;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrainedRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlflow.tracking.MlflowClient;

@ExtendWith(RealServers.class)
@Execution(ExecutionMode.CONCURRENT)
class RegistrationIT {
  private final OutboundHttp http = RealModels.http();
  private final MlflowRegistry registry = new MlflowRegistry(RealModels.servers(http));
  private final MlflowTracking tracking = new MlflowTracking(RealModels.servers(http));
  private final MlflowClient witness = new MlflowClient(RealServers.mlflow("dev").toString());

  @AfterEach
  void close() {
    witness.close();
    http.close();
  }

  @ParameterizedTest
  @CsvSource({"logged, 101", "folder, 102"})
  @Tag("S1.04")
  @Tag("S2.19")
  void thisRunsModelIsRegisteredOnceAlthoughANewerRunExists(String layout, long jobRun) {
    String run = RealModels.logged(layout).path("run").asText();
    TrainedRun found =
        tracking.findRun(new RunSearch("dev", new RunRef("dev", 11L, jobRun, null), "done", null));
    assertThat(found.model().runId()).isEqualTo(run);
    assertThat(found.commit()).isEqualTo("c0ffee");
    VersionOrder order = order(found, "once-" + layout, "key");

    ModelVersion first = registry.registerVersion(order);
    ModelVersion again = registry.registerVersion(order);

    assertThat(again).isEqualTo(first);
    assertThat(witness.searchModelVersions("name='once-" + layout + "'").getItems())
        .singleElement()
        .satisfies(version -> {
          assertThat(version.getRunId()).isEqualTo(run);
          assertThat(version.getSource()).isEqualTo(found.model().source());
          assertThat(version.getStatus().name()).isEqualTo("READY");
        });
    assertThat(registry.runOf(new VersionQuery("dev", "once-" + layout, first.version())).model())
        .isEqualTo(found.model());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Staging", "Production"})
  @Tag("S1.05")
  void exactlyTheVersionMovesToAStageAndARepeatIsANoOp(String stage) {
    String model = "staged-" + stage;
    TrainedRun run = trained("logged");
    registry.registerVersion(order(run, model, "key-1"));
    registry.registerVersion(order(trained("newest"), model, "key-2"));
    MarkOrder order = new MarkOrder("dev", model, "1", Marking.STAGES, stage);

    assertThat(registry.mark(order)).isEqualTo(new Marked(stage, "1", null));
    long updated = witness.getModelVersion(model, "1").getLastUpdatedTimestamp();
    assertThat(registry.mark(order)).isEqualTo(new Marked(stage, "1", "1"));

    assertThat(witness.getModelVersion(model, "1").getCurrentStage()).isEqualTo(stage);
    assertThat(witness.getModelVersion(model, "2").getCurrentStage()).isEqualTo("None");
    assertThat(witness.getModelVersion(model, "1").getLastUpdatedTimestamp()).isEqualTo(updated);
  }

  @Test
  @Tag("S1.05")
  void exactlyTheVersionGetsTheAliasAndARepeatIsANoOp() {
    registry.registerVersion(order(trained("logged"), "aliased", "key-1"));
    registry.registerVersion(order(trained("newest"), "aliased", "key-2"));
    MarkOrder first = new MarkOrder("dev", "aliased", "1", Marking.ALIASES, "champion");
    MarkOrder second = new MarkOrder("dev", "aliased", "2", Marking.ALIASES, "champion");

    assertThat(registry.mark(first)).isEqualTo(new Marked("champion", "1", null));
    assertThat(registry.mark(first)).isEqualTo(new Marked("champion", "1", "1"));
    assertThat(registry.champion(new ModelQuery("dev", "aliased", Marking.ALIASES)))
        .hasValueSatisfying(champion -> {
          assertThat(champion.version().version()).isEqualTo("1");
          assertThat(champion.metrics()).containsEntry("rmse", 0.2);
          assertThat(champion.metrics().get("undefined")).isNaN();
          assertThat(champion.commit()).isEqualTo("c0ffee");
        });
    assertThat(registry.mark(second)).isEqualTo(new Marked("champion", "2", "1"));
    assertThat(registry.version(new VersionQuery("dev", "aliased", "1")).aliases()).isEmpty();
  }

  @Test
  @Tag("S1.09")
  void concurrentRegistrationsLeaveOneVersionPerPromotion() throws Exception {
    TrainedRun run = trained("folder");
    VersionOrder one = order(run, "crowded", "key-1");
    VersionOrder two = order(run, "crowded", "key-2");
    List<Future<ModelVersion>> all = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 6; i++) {
        VersionOrder order = i % 2 == 0 ? one : two;
        all.add(executor.submit(() -> registry.registerVersion(order)));
      }
    }
    for (Future<ModelVersion> each : all) {
      assertThat(each).succeedsWithin(Duration.ofMinutes(2));
    }

    ModelVersion settledOne = registry.settleVersion(one).kept();
    ModelVersion settledTwo = registry.settleVersion(two).kept();

    assertThat(witness.searchModelVersions("name='crowded'").getItems())
        .extracting(version -> version.getVersion())
        .containsExactlyInAnyOrder(settledOne.version(), settledTwo.version());
    assertThat(settledOne.tags()).containsEntry(Tags.KEY, "key-1");
    assertThat(settledTwo.tags()).containsEntry(Tags.KEY, "key-2");
    assertThat(registry.versionsOf(new PromotionQuery("dev", "crowded", "promotion/key-2")))
        .extracting(ModelVersion::version)
        .containsExactly(settledTwo.version());
  }

  private TrainedRun trained(String name) {
    JsonNode logged = RealModels.logged(name);
    return tracking.findRun(new RunSearch("dev", null, null, logged.path("run").asText()));
  }

  private static VersionOrder order(TrainedRun run, String model, String key) {
    return new VersionOrder(
        "dev", model, run.model(), key, Map.of(Tags.PROMOTION, "promotion/" + key), "of a test");
  }
}
