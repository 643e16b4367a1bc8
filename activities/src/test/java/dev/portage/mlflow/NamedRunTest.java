package dev.portage.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.Problem;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.job.RunRef;
import dev.portage.tracking.Making;
import dev.portage.tracking.RegisteredAlready;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrainedRun;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A job that made two runs with a model; the notebook's exit value names one. */
class NamedRunTest {
  private static final Map<String, String> MODEL = Map.of("MLmodel", "flavors: {}");
  private static final Map<String, String> OF_JOB = Map.of("mlflow.databricks.jobRunID", "22");

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final FakeMlflow mlflow = new FakeMlflow(http, "dev", true);
  private final MlflowTracking tracking = new MlflowTracking(FakeServers.of(mlflow));
  private final ObjectNode first = mlflow.addRun("/churn", "first", OF_JOB);
  private final ObjectNode second = mlflow.addRun("/churn", "second", OF_JOB);
  private final String id = FakeMlflow.idOf(first);
  private final String model = idOf(mlflow.addModel(first, "model", MODEL));

  @BeforeEach
  void addAnotherModel() {
    mlflow.addModel(second, "model", MODEL);
  }

  @AfterEach
  void close() {
    mlflow.close();
    http.close();
  }

  @Test
  void theRunNamedInAnExitValueIsUsedWhateverTheFormat() {
    for (String value :
        List.of(
            "{\"run_id\": \"" + id + "\", \"auc\": NaN}",
            "{'run_id': '" + id + "', 'auc': np.float64(0.8), 'ok': True, 'why': None}",
            "{\"run_id\": \"" + id + "\", \"pred\": [0.1, 0.2, 0.",
            " " + id + "\n",
            "runs:/" + id + "/model",
            "{\"model_uri\": \"runs:/" + id + "/model\"}",
            "models:/" + model,
            "{\"model_id\": \"" + model + "\"}",
            "{\"run_id\": \"" + id + "\", \"model_id\": \"" + model + "\"}")) {
      assertThat(find(value).model().runId()).as(value).isEqualTo(id);
      assertThat(find(value).model().modelId()).as(value).isEqualTo(model);
      assertThat(find(value).registered()).isNull();
    }
  }

  @Test
  void everythingThatRunsAndVersionsRecordAboutTheirOriginIsKept() {
    ObjectNode other =
        mlflow.addRun(
            "/churn",
            "other",
            Map.of(
                "portage_commit", "a".repeat(40),
                "mlflow.source.git.commit", "b".repeat(40),
                "mlflow.databricks.gitRepoCommit", "c".repeat(40),
                "mlflow.user", "ana@example.com"));
    mlflow.addModel(other, "model", MODEL);

    assertThat(find("{\"run_id\": \"" + FakeMlflow.idOf(other) + "\"}").making())
        .as("overwritten by nobody who labels the run later")
        .isEqualTo(
            new Making(
                List.of("a".repeat(40), "b".repeat(40), "c".repeat(40)),
                List.of("ana@example.com"),
                false));
    assertThat(find("{\"run_id\": \"" + id + "\"}").making())
        .as("a run of the job itself")
        .isEqualTo(new Making(List.of(), List.of(), true));
  }

  @Test
  void aVersionThatTheNotebookRegisteredIsNamedByNumberOrAlias() {
    version("churn", "1", "models:/" + model);
    version("Churn Model", "2", "models:/" + model);

    assertThat(find("models:/churn/1").model().runId()).isEqualTo(id);
    assertThat(find("models:/churn/1").registered()).isEqualTo(new RegisteredAlready("churn", "1"));
    assertThat(find("{'model_uri': 'models:/Churn Model/2'}").registered())
        .isEqualTo(new RegisteredAlready("Churn Model", "2"));
    mlflow.client().registeredModels().ensure("churn");
    mlflow.client().registeredModels().alias("churn", "new", 1);
    assertThat(find("models:/churn@new").registered())
        .isEqualTo(new RegisteredAlready("churn", "1"));
    assertThat(refusal("models:/churn/7").cameBack()).contains("it does not exist");
    assertThat(
            refusal(
                    "{\"run_id\": \""
                        + FakeMlflow.idOf(second)
                        + "\", \"model_uri\": \"models:/churn/1\"}")
                .cameBack())
        .contains("it belongs to run " + id);
  }

  @Test
  void aModelOfAnotherRunIsRefusedWithThatRun() {
    Problem problem =
        refusal(
            "{\"run_id\": \"" + FakeMlflow.idOf(second) + "\", \"model_id\": \"" + model + "\"}");

    assertThat(problem.cameBack()).contains("did not log it").contains(id);
    assertThat(refusal("m-0000").cameBack()).contains("it does not exist");
    assertThat(refusal("runs:/" + id + "/other").cameBack()).contains("the run has model");
  }

  @Test
  void aModelThatWasLoggedOutsideOfARunIsNamedByItsIdOrItsVersion() {
    ObjectNode alone = mlflow.addModelAlone("/churn", "lgb", OF_JOB, MODEL);
    version("churn", "5", "models:/" + idOf(alone)).put("run_id", "");

    for (String value : List.of("models:/" + idOf(alone), "models:/churn/5")) {
      TrainedRun found = find(value);
      assertThat(found.model().hasRun()).as(value).isFalse();
      assertThat(found.model().modelId()).as(value).isEqualTo(idOf(alone));
      assertThat(found.making())
          .as("its tags say that the job logged it")
          .isEqualTo(new Making(List.of(), List.of(), true));
    }
    assertThat(find("models:/churn/5").registered()).isEqualTo(new RegisteredAlready("churn", "5"));
  }

  @Test
  void aRunThatTheNotebookNamesBesideSuchAModelIsItsRun() {
    ObjectNode alone = mlflow.addModelAlone("/churn", "lgb", OF_JOB, MODEL);
    version("churn", "5", "models:/" + idOf(alone)).put("run_id", "");

    for (String value :
        List.of(
            "{\"run_id\": \"" + id + "\", \"model_id\": \"" + idOf(alone) + "\"}",
            "{\"run_id\": \"" + id + "\", \"model_uri\": \"models:/churn/5\"}")) {
      assertThat(find(value).model().runId()).as(value).isEqualTo(id);
      assertThat(find(value).model().modelId()).as(value).isEqualTo(idOf(alone));
    }
  }

  @Test
  void anUnfinishedModelIsRefusedWithItsStatus() {
    ObjectNode begun = mlflow.addModel(first, "later", MODEL);
    ((ObjectNode) begun.get("info")).put("status", "LOGGED_MODEL_PENDING");

    assertThat(refusal(idOf(begun)).cameBack()).isEqualTo("it is LOGGED_MODEL_PENDING");
  }

  @Test
  void aFolderOfTheOlderLayoutIsNamedByItsPath() {
    mlflow.addFolder(first, "deep/classifier", MODEL);

    assertThat(find("runs:/" + id + "/deep/classifier").model().source())
        .isEqualTo("runs:/" + id + "/deep/classifier");
  }

  @Test
  void aTruncatedExitValueIsReportedWithTheCandidates() {
    Problem problem = refusal("{\"pred\": [0.1, 0.2, 0.");

    assertThat(problem.cameBack())
        .contains("several of its runs have a model")
        .contains("exit value is truncated");
    assertThat(refusal("all done").cameBack()).doesNotContain("truncated");
  }

  private ObjectNode version(String name, String number, String source) {
    ObjectNode version =
        MlflowServer.object()
            .put("name", name)
            .put("version", number)
            .put("status", "READY")
            .put("run_id", id)
            .put("source", source);
    mlflow.versions().add(version);
    return version;
  }

  private static String idOf(ObjectNode model) {
    return model.path("info").path("model_id").asText();
  }

  private TrainedRun find(String exitValue) {
    return tracking.findRun(
        new RunSearch("dev", new RunRef("dev", null, 22, null), exitValue, null));
  }

  private Problem refusal(String exitValue) {
    ApplicationFailure failure =
        catchThrowableOfType(ApplicationFailure.class, () -> find(exitValue));
    assertThat(failure.getType()).isEqualTo("UserError");
    return failure.getDetails().get(Problem.class);
  }
}
