package dev.portage.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.candidate.ModelLocation;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrainedRun;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Models that no run logged get one that stands for them. */
class StandInRunsTest {
  private static final Map<String, String> MODEL = Map.of("MLmodel", "flavors: {}");

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final FakeMlflow mlflow = new FakeMlflow(http, "dev", true);
  private final MlflowTracking tracking = new MlflowTracking(FakeServers.of(mlflow));
  private final ObjectNode model =
      mlflow.addModelAlone(
          "/churn", "lgb", Map.of("mlflow.user", "ana@example.com", "team", "churn"), MODEL);

  @AfterEach
  void close() {
    mlflow.close();
    http.close();
  }

  @Test
  void itCarriesWhatTheModelSaysAndThatPortageMadeIt() {
    TrainedRun stoodFor = tracking.standIn(alone());

    Run run = mlflow.client().runs().get(stoodFor.model().runId());
    assertThat(run.isFinished()).isTrue();
    assertThat(run.experimentId()).isEqualTo(stoodFor.model().experimentId());
    assertThat(run.name()).isEqualTo("lgb");
    assertThat(run.params()).containsEntry("alpha", "0.5");
    assertThat(run.metrics()).extracting(Metric::key).containsExactly("rmse");
    assertThat(run.tags())
        .containsEntry("mlflow.user", "ana@example.com")
        .containsEntry("team", "churn")
        .hasEntrySatisfying(
            "mlflow.note.content", note -> assertThat(note).startsWith("Portage created this run"));
    assertThat(run.outputs()).as("it trained nothing").isEmpty();
    assertThat(stoodFor.page()).isNotNull();
    assertThat(stoodFor.model().artifactUri()).isEqualTo(alone().model().artifactUri());
  }

  @Test
  void thereIsOneHoweverOftenItIsAskedFor() {
    TrainedRun first = tracking.standIn(alone());

    assertThat(tracking.standIn(alone())).isEqualTo(first);
    assertThat(tracking.standIn(first)).as("it has a run").isEqualTo(first);
    assertThat(mlflow.runs()).hasSize(1);
  }

  @Test
  void oneWhoseMakingWasCutShortIsFinished() {
    AtomicBoolean cut = new AtomicBoolean();
    mlflow.before =
        request ->
            request.getTarget().endsWith("runs/log-batch") && !cut.getAndSet(true)
                ? new MockResponse.Builder().code(503).build()
                : null;

    assertThatThrownBy(() -> tracking.standIn(alone())).isInstanceOf(ApplicationFailure.class);
    TrainedRun second = tracking.standIn(alone());

    assertThat(mlflow.runs()).hasSize(1);
    Run run = mlflow.client().runs().get(second.model().runId());
    assertThat(run.isFinished()).isTrue();
    assertThat(run.params()).containsEntry("alpha", "0.5");
  }

  @Test
  void oneWhoseResponseWasLostIsFoundAgain() {
    AtomicBoolean lost = new AtomicBoolean();
    mlflow.before =
        request -> {
          if (!request.getTarget().endsWith("runs/create") || lost.getAndSet(true)) {
            return null;
          }
          mlflow.effect(request);
          return new MockResponse.Builder().code(500).build();
        };

    assertThatThrownBy(() -> tracking.standIn(alone())).isInstanceOf(ApplicationFailure.class);
    tracking.standIn(alone());

    assertThat(mlflow.runs()).hasSize(1);
  }

  @Test
  void itIsKnownByItsIdBeforeASearchListsIt() {
    mlflow.searchIsBehind(true);

    assertThat(tracking.standIn(alone()).model().hasRun()).isTrue();
  }

  @Test
  void filesThatBelongToNoExperimentGetOne() {
    ModelLocation files =
        new ModelLocation(
            "dev",
            "",
            "",
            null,
            "churn",
            "mlflow-artifacts:/up/churn",
            "mlflow-artifacts:/up/churn");

    TrainedRun stoodFor =
        tracking.standIn(
            new TrainedRun(files, "/Shared/churn", "churn", Map.of(), Map.of(), null, null));

    assertThat(mlflow.client().experiments().get(stoodFor.model().experimentId()).name())
        .isEqualTo("/Shared/churn");
  }

  private TrainedRun alone() {
    String id = FakeTracking.info(model).path("model_id").asText();
    return tracking.findRun(new RunSearch("dev", null, "models:/" + id, null, List.of("rmse")));
  }
}
