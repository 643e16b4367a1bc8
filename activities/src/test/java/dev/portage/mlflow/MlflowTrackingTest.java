package dev.portage.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.Problem;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.job.RunRef;
import dev.portage.registry.Tags;
import dev.portage.tracking.RunLabels;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrainedRun;
import io.temporal.failure.ApplicationFailure;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MlflowTrackingTest {
  private static final Map<String, String> MODEL = Map.of("MLmodel", "flavors: {}");
  private static final Map<String, String> OF_JOB =
      Map.of("mlflow.databricks.jobID", "11", "mlflow.databricks.jobRunID", "22");

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final FakeMlflow mlflow = new FakeMlflow(http, "dev", true);
  private final MlflowTracking tracking = new MlflowTracking(FakeServers.of(mlflow));

  @AfterEach
  void close() {
    mlflow.close();
    http.close();
  }

  @Test
  void theRunIdThatTheNotebookReturnsIsUsed() {
    ObjectNode other = mlflow.addRun("/churn", "newer", OF_JOB);
    mlflow.addModel(other, "model", MODEL);
    ObjectNode run = mlflow.addRun("/churn", "train", Map.of());
    ObjectNode model = mlflow.addModel(run, "model", MODEL);
    String id = FakeMlflow.idOf(run);

    TrainedRun byObject = find("{\"rows\": 442, \"run_id\": \"" + id + "\"}");

    assertThat(byObject.model().runId()).isEqualTo(id);
    assertThat(byObject.model().source())
        .isEqualTo("models:/" + model.path("info").path("model_id").asText());
    assertThat(byObject.experiment()).isEqualTo("/churn");
    assertThat(byObject.page()).hasToString(pageOf(run));
    assertThat(find(id).model().runId()).isEqualTo(id);
    assertThat(find("\"" + id + "\"").model().runId()).isEqualTo(id);
  }

  @Test
  void aNotebookThatKnowsNothingOfPortageIsFoundByItsJobRun() {
    mlflow.page = 1;
    mlflow.addRun("/other", "before", Map.of("mlflow.databricks.jobRunID", "2"));
    ObjectNode run = mlflow.addRun("/churn", "train", OF_JOB);
    mlflow.addModel(run, "model", MODEL);
    mlflow.addRun(
        "/churn",
        "nested",
        Map.of("mlflow.databricks.jobRunID", "22", "mlflow.parentRunId", FakeMlflow.idOf(run)));
    ObjectNode deleted = mlflow.addRun("/churn", "deleted", OF_JOB);
    mlflow.addModel(deleted, "model", MODEL);
    ((ObjectNode) deleted.get("info")).put("lifecycle_stage", "deleted");
    mlflow.addRun("/later", "without a model", OF_JOB);

    assertThat(find("all done").model().runId()).isEqualTo(FakeMlflow.idOf(run));
    assertThat(find(null).model().runId()).isEqualTo(FakeMlflow.idOf(run));
  }

  @Test
  void theRunOfAnotherJobWithTheSameNumberIsNotOurs() {
    ObjectNode other =
        mlflow.addRun(
            "/churn",
            "other",
            Map.of("mlflow.databricks.jobID", "999", "mlflow.databricks.jobRunID", "22"));
    mlflow.addModel(other, "model", MODEL);

    assertThat(refusal(null).cameBack()).contains("no run carries tag mlflow.databricks.jobRunID");
  }

  @Test
  void severalRunsWithAModelAreListedAndNoneIsChosen() {
    ObjectNode one = mlflow.addRun("/churn", "one", OF_JOB);
    mlflow.addModel(one, "model", MODEL);
    ObjectNode two = mlflow.addRun("/elsewhere", "two", OF_JOB);
    mlflow.addFolder(two, "model", MODEL);

    Problem problem = refusal(null);

    assertThat(problem.cameBack())
        .contains("run " + FakeMlflow.idOf(one) + " \"one\" in experiment /churn")
        .contains("run " + FakeMlflow.idOf(two) + " \"two\" in experiment /elsewhere")
        .contains(pageOf(one));
    assertThat(problem.remedy()).contains("run_id").contains("--run-id");
  }

  @Test
  void runsThatCannotBePromotedAreListedWithTheirReason() {
    mlflow.addRun("/churn", "empty", OF_JOB);
    ObjectNode failed = mlflow.addRun("/churn", "broken", OF_JOB);
    ((ObjectNode) failed.get("info")).put("status", "FAILED");
    mlflow.addRun(
        "/churn",
        "inner",
        Map.of("mlflow.databricks.jobRunID", "22", "mlflow.parentRunId", "somebody"));

    assertThat(refusal(null).cameBack())
        .containsPattern("\"empty\".*: has no finished model")
        .containsPattern("\"broken\".*: status FAILED")
        .containsPattern("\"inner\".*: nested in another run");
  }

  @Test
  void aDeletedOrUnfinishedRunIsNotPromotedEvenByName() {
    ObjectNode deleted = mlflow.addRun("/churn", "deleted", Map.of());
    mlflow.addModel(deleted, "model", MODEL);
    ((ObjectNode) deleted.get("info")).put("lifecycle_stage", "deleted");
    ObjectNode running = mlflow.addRun("/churn", "running", Map.of());
    mlflow.addModel(running, "model", MODEL);
    ((ObjectNode) running.get("info")).put("status", "RUNNING");

    assertThat(refusal(FakeMlflow.idOf(deleted)).cameBack()).isEqualTo("it is deleted");
    assertThat(refusal(FakeMlflow.idOf(running)).cameBack()).isEqualTo("its status is RUNNING");
    assertThat(refusal("{\"run_id\":\"nobody\"}").cameBack()).contains("RESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void theOlderLayoutIsFoundByItsFolder() {
    ObjectNode run = mlflow.addRun("/churn", "train", OF_JOB);
    mlflow.addFolder(run, "plots", Map.of("p.txt", "x"));
    mlflow.addFolder(run, "classifier", Map.of("MLmodel", "m", "data/model.pkl", "bytes"));

    TrainedRun found = find(null);

    assertThat(found.model().modelId()).isNull();
    assertThat(found.model().path()).isEqualTo("classifier");
    assertThat(found.model().source()).isEqualTo("runs:/" + FakeMlflow.idOf(run) + "/classifier");
    assertThat(found.model().artifactUri())
        .isEqualTo("mlflow-artifacts:/1/" + FakeMlflow.idOf(run) + "/artifacts/classifier");
  }

  @Test
  void aNestedFolderThatMlflowRecordedIsFound() {
    ObjectNode run =
        mlflow.addRun(
            "/churn",
            "train",
            Map.of("mlflow.log-model.history", "[{\"artifact_path\": \"deep/er/model\"}]"));
    mlflow.addFolder(run, "deep/er/model", MODEL);

    assertThat(find(FakeMlflow.idOf(run)).model().path()).isEqualTo("deep/er/model");
  }

  @Test
  void aRunTaggedWithTheTaskRunIsFoundToo() {
    ObjectNode run = mlflow.addRun("/churn", "train", OF_JOB);
    mlflow.addModel(run, "model", MODEL);

    TrainedRun found =
        new MlflowTracking(FakeServers.of(mlflow))
            .findRun(new RunSearch("dev", new RunRef("dev", 11L, 21, null, 22L), null, null));

    assertThat(found.model().runId()).isEqualTo(FakeMlflow.idOf(run));
  }

  @Test
  void anMlflow2ServerHasOnlyTheOlderLayout() {
    try (FakeMlflow old = new FakeMlflow(http, "dev", false)) {
      ObjectNode run = old.addRun("/churn", "train", OF_JOB);
      old.addFolder(run, "model", MODEL);

      TrainedRun found =
          new MlflowTracking(FakeServers.of(old))
              .findRun(new RunSearch("dev", new RunRef("dev", 11L, 22, null), null, null));

      assertThat(found.model().runId()).isEqualTo(FakeMlflow.idOf(run));
    }
  }

  @Test
  void theModelNamedModelIsUsedIfARunHasSeveral() {
    ObjectNode run = mlflow.addRun("/churn", "train", Map.of());
    mlflow.addModel(run, "scaler", MODEL);
    mlflow.addModel(run, "encoder", MODEL);

    assertThat(refusal(FakeMlflow.idOf(run)).cameBack())
        .contains("several models")
        .contains("scaler (models:/m-")
        .contains("encoder (models:/m-");

    mlflow.addModel(run, "model", MODEL);
    assertThat(find(FakeMlflow.idOf(run)).model().path()).isEqualTo("model");
  }

  @Test
  void aModelThatIsNotReadyDoesNotCount() {
    ObjectNode run = mlflow.addRun("/churn", "train", Map.of());
    ObjectNode model = mlflow.addModel(run, "model", MODEL);
    ((ObjectNode) model.get("info")).put("status", "LOGGED_MODEL_UPLOAD_FAILED");

    assertThat(refusal(FakeMlflow.idOf(run)).cameBack()).contains("no finished model");
  }

  @Test
  void metricsKeepNaNAndTheCommitIsReported() {
    ObjectNode run =
        mlflow.addRun("/churn", "train", Map.of("mlflow.source.git.commit", "abc", "team", "risk"));
    mlflow.addModel(run, "model", MODEL);
    ArrayNode metrics = ((ObjectNode) run.get("data")).withArray("metrics");
    metrics.addObject().put("key", "rmse").put("value", "NaN");
    metrics.addObject().put("key", "high").put("value", "Infinity");
    metrics.addObject().put("key", "mae").put("value", 0.25);

    TrainedRun found = find(FakeMlflow.idOf(run));

    assertThat(found.metrics())
        .containsEntry("rmse", Double.NaN)
        .containsEntry("high", Double.POSITIVE_INFINITY)
        .containsEntry("mae", 0.25);
    assertThat(found.commit()).isEqualTo("abc");
    tracking.labelRun(new RunLabels("dev", FakeMlflow.idOf(run), Map.of(Tags.COMMIT, "ours")));
    tracking.labelRun(new RunLabels("dev", FakeMlflow.idOf(run), Map.of(Tags.COMMIT, "ours")));
    assertThat(find(FakeMlflow.idOf(run)).commit()).isEqualTo("ours");
  }

  @Test
  void aRefusedLoginIsAUserErrorAndItsTokenAppearsNowhere() {
    mlflow.before =
        request ->
            new MockResponse.Builder()
                .code(403)
                .body("no right for " + request.getHeaders().get("Authorization"))
                .build();

    ApplicationFailure failure =
        catchThrowableOfType(ApplicationFailure.class, () -> find("{\"run_id\":\"x\"}"));

    assertThat(failure.getType()).isEqualTo("UserError");
    assertThat(failure.getDetails().get(Problem.class).toString() + failure)
        .contains("403")
        .contains("workspace dev")
        .doesNotContain(FakeMlflow.TOKEN);
  }

  @Test
  void aLoginPageIsNotTakenForAResponse() {
    mlflow.before = _ -> new MockResponse.Builder().body("<html>Sign in</html>").build();

    Problem problem = refusal("{\"run_id\":\"x\"}");

    assertThat(problem.cameBack()).contains("not JSON");
    assertThat(problem.remedy()).contains("the address of an MLflow server");
  }

  private TrainedRun find(@Nullable String exitValue) {
    return tracking.findRun(
        new RunSearch("dev", new RunRef("dev", 11L, 22, null), exitValue, null));
  }

  private Problem refusal(@Nullable String exitValue) {
    ApplicationFailure failure =
        catchThrowableOfType(ApplicationFailure.class, () -> find(exitValue));
    assertThat(failure.getType()).isEqualTo("UserError");
    return failure.getDetails().get(Problem.class);
  }

  private String pageOf(ObjectNode run) {
    return mlflow.client().base()
        + "#/experiments/"
        + run.path("info").path("experiment_id").asText()
        + "/runs/"
        + FakeMlflow.idOf(run);
  }
}
