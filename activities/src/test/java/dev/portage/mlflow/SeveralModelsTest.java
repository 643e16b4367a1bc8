package dev.portage.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.Problem;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrainedRun;
import io.temporal.failure.ApplicationFailure;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs with several models. */
class SeveralModelsTest {
  private static final Map<String, String> MODEL = Map.of("MLmodel", "flavors: {}");

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final FakeMlflow mlflow = new FakeMlflow(http, "dev", true);
  private final MlflowTracking tracking = new MlflowTracking(FakeServers.of(mlflow));
  private final ObjectNode run = mlflow.addRun("/churn", "train", Map.of());

  @AfterEach
  void close() {
    mlflow.close();
    http.close();
  }

  @Test
  void aModelLoggedAfterAutologgingIsUsed() {
    logged("model", 0, 100);
    String last = logged("model", 0, 200);
    logged("model", 0, 150);

    assertThat(find().model().modelId()).isEqualTo(last);
  }

  @Test
  void theCheckpointOfTheHighestStepIsUsedWhicheverCameLast() {
    logged("checkpoint", 1, 100);
    String highest = logged("checkpoint", 3, 200);
    logged("checkpoint", 2, 300);

    assertThat(find().model().modelId()).isEqualTo(highest);
  }

  @Test
  void theChoiceBetweenTwoOfTheSameMillisecondIsStable() {
    String one = logged("model", 0, 100);
    String two = logged("model", 0, 100);

    assertThat(find().model().modelId()).isEqualTo(one.compareTo(two) > 0 ? one : two);
  }

  @Test
  void theOneNamedModelIsUsedEvenAmongOthersAndIfLoggedSeveralTimes() {
    logged("scaler", 9, 900);
    logged("model", 0, 100);
    String last = logged("model", 0, 200);

    assertThat(find().model().modelId()).isEqualTo(last);
  }

  @Test
  void noneIsChosenAmongDifferentNamesAndEachIsListedOnce() {
    logged("scaler", 0, 100);
    logged("scaler", 0, 200);
    logged("classifier", 0, 300);

    ApplicationFailure failure = catchThrowableOfType(ApplicationFailure.class, this::find);
    Problem problem = failure.getDetails().get(Problem.class);

    assertThat(problem.cameBack()).containsOnlyOnce("scaler (").containsOnlyOnce("classifier (");
    assertThat(problem.remedy()).contains("Name one of them \"model\"").contains("model_id");
  }

  @Test
  void hundredsOfNamesAreNotAllListed() {
    for (int i = 0; i < 200; i++) {
      logged("store " + i, 0, i);
    }

    assertThat(catchThrowableOfType(ApplicationFailure.class, this::find))
        .hasMessageContaining("and 190 more");
  }

  @Test
  void modelsTooLargeToBeReadTogetherAreReadOneByOne() {
    String last = logged("model", 0, 100);
    mlflow.before =
        request ->
            request.getTarget().endsWith("logged-models/search")
                    && request.getBody() != null
                    && !request.getBody().utf8().contains("\"max_results\":1,")
                ? new MockResponse.Builder().body("[\"" + "x".repeat(33 << 20) + "\"]").build()
                : null;

    assertThat(find().model().modelId()).isEqualTo(last);
  }

  private String logged(String name, long step, long at) {
    ObjectNode model = mlflow.addModel(run, name, MODEL);
    ObjectNode info = (ObjectNode) model.get("info");
    info.put("creation_timestamp_ms", at);
    run.path("outputs")
        .path("model_outputs")
        .forEach(output -> {
          if (output.path("model_id").equals(info.path("model_id"))) {
            ((ObjectNode) output).put("step", step);
          }
        });
    return info.path("model_id").asText();
  }

  private TrainedRun find() {
    return tracking.findRun(new RunSearch("dev", null, null, FakeMlflow.idOf(run)));
  }
}
