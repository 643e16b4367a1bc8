package dev.portage.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.Problem;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.job.RunRef;
import dev.portage.tracking.RunChoice;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrainedRun;
import io.temporal.failure.ApplicationFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs that leave many runs, or very large ones. */
class RunsOfJobTest {
  private static final Map<String, String> MODEL = Map.of("MLmodel", "flavors: {}");
  private static final Map<String, String> OF_JOB = Map.of("mlflow.databricks.jobRunID", "22");

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final FakeMlflow mlflow = new FakeMlflow(http, "dev", true);
  private final MlflowTracking tracking = new MlflowTracking(FakeServers.of(mlflow));

  @AfterEach
  void close() {
    mlflow.close();
    http.close();
  }

  @Test
  void theParentOfASweepIsFoundByAFewCalls() {
    ObjectNode parent = mlflow.addRun("/sweep", "parent", OF_JOB);
    mlflow.addModel(parent, "model", MODEL);
    nested(parent, 4000);

    assertThat(find().model().runId()).isEqualTo(FakeMlflow.idOf(parent));
    assertThat(mlflow.asked()).hasSizeLessThan(8);
  }

  @Test
  void aServerThatCannotExcludeNestedRunsIsReadPageByPage() {
    mlflow.leavesOutNested = false;
    mlflow.page = 200;
    ObjectNode parent = mlflow.addRun("/sweep", "parent", OF_JOB);
    mlflow.addModel(parent, "model", MODEL);
    nested(parent, 4000);

    assertThat(find().model().runId()).isEqualTo(FakeMlflow.idOf(parent));
    assertThat(mlflow.asked()).hasSizeLessThan(30);
  }

  @Test
  void aModelThatTheJobLoggedOutsideOfItsRunsIsFoundByItsTags() {
    mlflow.addRun("/churn", "measured", OF_JOB);
    mlflow.addModelAlone(
        "/churn", "of another job", Map.of("mlflow.databricks.jobRunID", "23"), MODEL);
    ObjectNode alone = mlflow.addModelAlone("/churn", "lgb", OF_JOB, MODEL);

    TrainedRun found = find();

    assertThat(found.model().hasRun()).isFalse();
    assertThat(found.model().modelId())
        .isEqualTo(FakeTracking.info(alone).path("model_id").asText());
    mlflow.addModelAlone("/churn", "second", OF_JOB, MODEL);
    assertThat(refusal().cameBack())
        .contains("several models outside of any run")
        .contains("lgb (models:/m-")
        .contains("second (models:/m-");
  }

  @Test
  void listsAFewOfThousandsOfUnpromotableRunsAndCountsTheRest() {
    ObjectNode parent = mlflow.addRun("/sweep", "parent", OF_JOB);
    nested(parent, 4000);

    Problem problem = refusal();

    assertThat(problem.remedy())
        .as("nested runs can be chosen from")
        .contains("choose: lowest rmse");
    assertThat(problem.cameBack())
        .contains("\"parent\"")
        .contains("nested in another run")
        .contains("and 3,991 more")
        .hasSizeLessThan(4000);
    assertThat(mlflow.asked()).hasSizeLessThan(30);
  }

  @Test
  void findsTheOneRunWithAModelAmongHundredsWithAFewCalls() {
    for (int i = 0; i < 300; i++) {
      mlflow.addRun("/sweep", "try " + i, OF_JOB);
    }
    ObjectNode best = mlflow.addRun("/sweep", "best", OF_JOB);
    mlflow.addModel(best, "model", MODEL);

    assertThat(find().model().runId()).isEqualTo(FakeMlflow.idOf(best));
    assertThat(mlflow.asked()).hasSizeLessThan(15);
  }

  @Test
  void hundredsOfRunsWithAModelAreCountedAndNotReadOneByOne() {
    for (int i = 0; i < 300; i++) {
      mlflow.addModel(mlflow.addRun("/sweep", "try " + i, OF_JOB), "model", MODEL);
    }

    assertThat(refusal().cameBack())
        .contains("several of its runs have a model")
        .contains("and 290 more");
    assertThat(mlflow.asked()).hasSizeLessThan(70);
  }

  @Test
  void anOversizedPageIsRequestedInSmallerOnes() {
    ObjectNode run = mlflow.addRun("/churn", "train", OF_JOB);
    mlflow.addModel(run, "model", MODEL);
    AtomicInteger large = new AtomicInteger();
    mlflow.before =
        request -> {
          if (request.getBody() != null
              && request.getBody().utf8().contains("\"max_results\":200")) {
            large.incrementAndGet();
            return new MockResponse.Builder().body("[\"" + "x".repeat(33 << 20) + "\"]").build();
          }
          return null;
        };

    assertThat(find().model().runId()).isEqualTo(FakeMlflow.idOf(run));
    assertThat(large).hasValue(1);
  }

  @Test
  void keepsOnlyTheMetricsAndParamsThatGatesAndPagesNeed() {
    ObjectNode run = mlflow.addRun("/churn", "train", OF_JOB);
    mlflow.addModel(run, "model", MODEL);
    ArrayNode metrics = ((ObjectNode) run.get("data")).withArray("metrics");
    ArrayNode params = ((ObjectNode) run.get("data")).withArray("params");
    for (int i = 0; i < 60_000; i++) {
      metrics.addObject().put("key", "layer " + i).put("value", i);
    }
    for (int i = 0; i < 500; i++) {
      params.addObject().put("key", "param " + i).put("value", "x".repeat(6000));
    }
    metrics.addObject().put("key", "val:f1").put("value", 0.9);

    TrainedRun found =
        tracking.findRun(
            new RunSearch(
                "dev",
                new RunRef("dev", null, 22, null),
                null,
                null,
                List.of("val:f1", "layer 59999", "never logged")));

    assertThat(found.metrics()).hasSize(52).containsEntry("val:f1", 0.9);
    assertThat(found.metrics()).containsEntry("layer 59999", 59_999.0);
    assertThat(found.otherMetrics()).isEqualTo(60_001 - 52);
    assertThat(found.params())
        .hasSize(30)
        .allSatisfy((_, value) -> assertThat(value).hasSizeLessThan(300));
    assertThat(found.otherParams()).isEqualTo(470);
    assertThat(found.toString()).hasSizeLessThan(50_000);
  }

  @Test
  void theBestRunByTheChosenMetricIsUsedNestedOnesIncluded() {
    model("/sweep", "first", 70.0, OF_JOB);
    ObjectNode parent = mlflow.addRun("/sweep", "parent", OF_JOB);
    Map<String, String> inParent = new HashMap<>(OF_JOB);
    inParent.put("mlflow.parentRunId", FakeMlflow.idOf(parent));
    ObjectNode trial = model("/sweep", "trial", 50.0, inParent);
    measure(mlflow.addRun("/sweep", "without a model", OF_JOB), 40.0);
    model("/sweep", "diverged", Double.NaN, OF_JOB);
    model("/sweep", "of another job", 1.0, Map.of("mlflow.databricks.jobRunID", "23"));

    assertThat(best("lowest rmse").model().runId()).isEqualTo(FakeMlflow.idOf(trial));
    assertThat(best("highest rmse").metrics()).containsEntry("rmse", 70.0);
  }

  @Test
  void theTopLevelRunIsUsedAmongEquallyGoodOnes() {
    ObjectNode parent = mlflow.addRun("/sweep", "parent", OF_JOB);
    Map<String, String> inParent = new HashMap<>(OF_JOB);
    inParent.put("mlflow.parentRunId", FakeMlflow.idOf(parent));
    model("/sweep", "trial", 50.0, inParent);
    mlflow.addModel(parent, "model", MODEL);
    measure(parent, 50.0);

    assertThat(best("lowest rmse").model().runId()).isEqualTo(FakeMlflow.idOf(parent));
  }

  @Test
  void aMetricThatNoRunWithAModelHasIsNamed() {
    model("/sweep", "only", 50.0, OF_JOB);

    assertThat(refusal(() -> best("highest auc")))
        .satisfies(problem -> {
          assertThat(problem.cameBack())
              .contains("none of its 1 runs is finished and has a finite value of metric \"auc\"");
          assertThat(problem.remedy()).contains("change \"choose: highest auc\"");
        });
    model("/sweep", "another", 60.0, OF_JOB);
    assertThat(refusal().remedy()).contains("choose: lowest rmse");
  }

  @Test
  void theModelIsFoundWhicheverTaskCreatedIt() {
    model("/sweep", "of an attempt before", 70.0, Map.of("mlflow.databricks.jobRunID", "24"));
    ObjectNode trained =
        model("/sweep", "trained", 50.0, Map.of("mlflow.databricks.jobRunID", "25"));
    RunRef job = new RunRef("dev", null, 22, null, 26L, List.of(25L));

    assertThat(tracking.findRun(new RunSearch("dev", job, null, null)).model().runId())
        .isEqualTo(FakeMlflow.idOf(trained));
  }

  private ObjectNode model(String experiment, String name, double rmse, Map<String, String> tags) {
    ObjectNode run = mlflow.addRun(experiment, name, tags);
    mlflow.addModel(run, "model", MODEL);
    measure(run, rmse);
    return run;
  }

  private static void measure(ObjectNode run, double rmse) {
    ((ObjectNode) run.get("data"))
        .withArray("metrics")
        .addObject()
        .put("key", "rmse")
        .put("value", rmse);
  }

  private TrainedRun best(String choice) {
    return tracking.findRun(
        new RunSearch(
            "dev",
            new RunRef("dev", null, 22, null),
            null,
            null,
            List.of("rmse"),
            RunChoice.read(choice).orElseThrow()));
  }

  private void nested(ObjectNode parent, int number) {
    Map<String, String> tags =
        Map.of("mlflow.databricks.jobRunID", "22", "mlflow.parentRunId", FakeMlflow.idOf(parent));
    for (int i = 0; i < number; i++) {
      mlflow.addRun("/sweep", "trial " + i, tags);
    }
  }

  private TrainedRun find() {
    return tracking.findRun(new RunSearch("dev", new RunRef("dev", null, 22, null), null, null));
  }

  private Problem refusal() {
    return refusal(this::find);
  }

  private static Problem refusal(ThrowingCallable search) {
    ApplicationFailure failure = catchThrowableOfType(ApplicationFailure.class, search);
    assertThat(failure.getType()).isEqualTo("UserError");
    return failure.getDetails().get(Problem.class);
  }
}
