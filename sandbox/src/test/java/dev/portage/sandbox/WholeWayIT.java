package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service.Run;

/** Two teams promote their models from the first commit on; each test continues the last. */
@SharesTheWorld
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WholeWayIT {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int WRONG = 2;
  private static final int REJECTED = 3;
  private static final int WAITING = 4;

  private final Witness witness = new Witness(TheWorld.world());
  private Team diabetes = team("diabetes");
  private String first = "";
  private String jobId = "";

  private static Team team(String example) {
    try {
      return Team.with(example, example);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeAll
  void commit() throws IOException {
    first = diabetes.commit("Diabetes: ridge regression");
  }

  @AfterAll
  void close() {
    witness.close();
  }

  @Test
  @Order(1)
  @Tag("S0.20")
  @Tag("S1.04")
  void twoStartsAtOnceAreOnePromotionThatWaitsForAPerson() {
    CompletableFuture<Result> one = Together.begin(diabetes::start);
    CompletableFuture<Result> other = Together.begin(diabetes::start);

    for (Result result : List.of(one.join(), other.join())) {
      assertThat(result.code()).as(result.out()).isEqualTo(WAITING);
      assertThat(result.json().path("id").asText()).isEqualTo(first);
      assertThat(result.json().path("state").asText()).isEqualTo("WAITING");
    }
    assertThat(witness.runs("dev", first)).hasSize(1);
    assertThat(witness.versions("dev", "diabetes")).hasSize(1);
  }

  @Test
  @Order(2)
  @Tag("S1.05")
  @Tag("S1.08")
  void beforeTheApprovalNothingIsInProdAndTheOriginIsStaging() {
    assertThat(witness.versions("prod", "diabetes")).isEmpty();
    assertThat(witness.jobs("prod", "diabetes-batch")).isEmpty();
    assertThat(witness.versions("dev", "diabetes"))
        .singleElement()
        .extracting(ModelVersion::getCurrentStage)
        .isEqualTo("Staging");
  }

  @Test
  @Order(3)
  void neitherStarterNorCommitterMayApprove() {
    for (String person : List.of("sam@example.com", "kim@example.com")) {
      Result refused = diabetes.commands().run("approve", first, "--by", person);

      assertThat(refused.code()).as(refused.out()).isEqualTo(WRONG);
      assertThat(refused.out()).contains(person);
    }
    assertThat(witness.versions("prod", "diabetes")).isEmpty();
  }

  @Test
  @Order(4)
  @Tag("S0.05")
  @Tag("S1.02")
  @Tag("S1.06")
  @Tag("S1.07")
  @Tag("S1.09")
  @Tag("S1.12")
  @Tag("S1.28")
  @Tag("S3.23")
  void afterTheApprovalItIsReleasedWithTheSameBytesAndItsLineage() {
    Result end = diabetes.approveAndWatch(first);

    assertThat(end.code()).as(end.out()).isEqualTo(DONE);
    assertThat(end.json().path("state").asText()).isEqualTo("RELEASED");
    ModelVersion dev = witness.versions("dev", "diabetes").getFirst();
    ModelVersion prod = witness.versions("prod", "diabetes").getFirst();
    assertThat(List.of(dev.getCurrentStage(), prod.getCurrentStage())).containsOnly("Production");
    assertThat(witness.files("prod", prod))
        .isEqualTo(witness.files("dev", dev))
        .containsKey("MLmodel");
    Run trained = witness.run("dev", dev.getRunId());
    Run copied = witness.run("prod", prod.getRunId());
    assertThat(copied.getData().getParamsList())
        .containsExactlyInAnyOrderElementsOf(trained.getData().getParamsList())
        .isNotEmpty();
    assertThat(metrics(copied)).isEqualTo(metrics(trained)).containsKeys("rmse", "r2", "mae");
    assertThat(Witness.tags(prod))
        .containsEntry("portage_promotion", first)
        .containsEntry("portage_approved_by", "ana@example.com")
        .hasEntrySatisfying(
            "portage_lineage",
            lineage -> assertThat(lineage).contains(dev.getRunId()).contains("dev diabetes/1"));
    List<JsonNode> jobs = witness.jobs("prod", "diabetes-batch");
    assertThat(jobs).hasSize(1);
    jobId = jobs.getFirst().path("job_id").asText();
    assertThat(jobs.getFirst().path("settings").path("git_source").path("git_commit").asText())
        .startsWith(first.substring(first.lastIndexOf('/') + 1));
    assertThat(witness.rows("diabetes_predictions")).isEqualTo(Map.of(first + " 1", 442));
  }

  @Test
  @Order(4)
  @Tag("S2.31")
  void theReportListsWhatWasMadeWithLinksToIt() {
    Result report = diabetes.commands().run("report", first, "--output", "markdown");

    assertThat(report.code()).as(report.out()).isEqualTo(DONE);
    for (String made : List.of("train", "register", "prod/copy", "prod/register", "prod/batch")) {
      assertThat(report.out().lines().filter(line -> line.startsWith("| ✓ | " + made + " |")))
          .as(made)
          .singleElement()
          .asString()
          .contains("](http");
    }
  }

  @Test
  @Order(5)
  void theSameCommitAgainIsTheSameEndedPromotion() throws IOException {
    Result again = diabetes.start();

    assertThat(again.code()).as(again.out()).isEqualTo(DONE);
    assertThat(again.json().path("id").asText()).isEqualTo(first);
    assertThat(witness.versions("dev", "diabetes")).hasSize(1);
  }

  @Test
  @Order(6)
  @Tag("S1.01")
  @Tag("S1.10")
  @Tag("S1.33")
  @Tag("S2.32")
  @Tag("S3.12")
  void aSecondCommitAndAnotherTeamDoNotInterfere() throws IOException {
    diabetes.change("notebooks/train.py", "\"alpha\", \"1.0\"", "\"alpha\", \"10.0\"");
    String second = diabetes.commit("Stronger penalty");
    Team churn = Team.with("churn", "churn");
    String other = churn.commit("Churn: logistic regression");

    CompletableFuture<Result> diabetesEnd =
        Together.begin(() -> startedAndApproved(diabetes, second));
    CompletableFuture<Result> churnEnd = Together.begin(() -> startedAndApproved(churn, other));

    assertThat(diabetesEnd.join().code()).as(diabetesEnd.join().out()).isEqualTo(DONE);
    assertThat(churnEnd.join().code()).as(churnEnd.join().out()).isEqualTo(DONE);
    assertThat(witness.versions("prod", "diabetes"))
        .extracting(ModelVersion::getVersion, ModelVersion::getCurrentStage)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("1", "Archived"),
            org.assertj.core.groups.Tuple.tuple("2", "Production"));
    for (String workspace : World.WORKSPACES) {
      assertThat(
              Stream.of("diabetes", "churn")
                  .flatMap(model -> witness.versions(workspace, model).stream())
                  .map(version -> witness.artifacts(workspace, version)))
          .as("each version's files lie in a folder of its own in " + workspace)
          .hasSize(3)
          .doesNotHaveDuplicates();
    }
    assertThat(Witness.tags(witness.versions("prod", "diabetes").getLast()))
        .as("the second version is the second commit's")
        .containsEntry("portage_promotion", second)
        .hasEntrySatisfying(
            "portage_commit", commit -> assertThat(commit).startsWith(commitOf(second)));
    assertThat(witness.versions("prod", "churn")).hasSize(1);
    assertThat(witness.runs("prod", second)).hasSize(1);
    assertThat(witness.runs("prod", other)).hasSize(1);
    assertThat(witness.jobs("prod", "diabetes-batch"))
        .singleElement()
        .extracting(job -> job.path("job_id").asText())
        .isEqualTo(jobId);
    assertThat(champion(diabetesEnd.join().json()).path("outcome").asText()).isEqualTo("PASS");
    assertThat(witness.rows("diabetes_predictions"))
        .isEqualTo(Map.of(first + " 1", 442, second + " 2", 442));
    assertThat(witness.rows("churn_predictions").keySet()).containsExactly(other + " 1");
  }

  @Test
  @Order(7)
  void theHistorySaysWhatWasLiveAtAnyTime() {
    Result history = diabetes.commands().json("history", "diabetes");

    assertThat(history.code()).as(history.out()).isEqualTo(DONE);
    List<JsonNode> releases =
        StreamSupport.stream(history.json().path("events").spliterator(), false)
            .filter(event -> event.path("kind").asText().equals("RELEASE"))
            .toList();
    assertThat(releases)
        .extracting(event -> event.path("release").path("version").asText())
        .containsExactly("2", "1");
    assertThat(releases)
        .allSatisfy(event -> {
          JsonNode release = event.path("release");
          assertThat(event.path("workspace").asText()).isEqualTo("prod");
          assertThat(event.path("by").asText()).isEqualTo("sam@example.com");
          assertThat(release.path("decisions").path(0).path("by").asText())
              .isEqualTo("ana@example.com");
          assertThat(release.path("proof").path("request").asText()).isEqualTo("prod-1");
          assertThat(release.path("digest").asText()).hasSize(64);
          assertThat(release.path("jobId").asText()).isEqualTo(jobId);
        });
    assertThat(releases.getFirst().path("release").path("previousVersion").asText()).isEqualTo("1");
    assertThat(witness.versions("prod", "diabetes"))
        .extracting(version -> Witness.tags(version).get("portage_release"))
        .containsExactly("superseded", "live");

    JsonNode then = liveAt(releases.getFirst().path("at").asText(), 1);
    assertThat(then.path("known").asBoolean()).isTrue();
    assertThat(then.path("since").path("workflow").asText()).isEqualTo(first);
    assertThat(then.path("things").size()).isEqualTo(2);
    assertThat(liveAt(releases.getLast().path("at").asText(), 1).path("text").asText())
        .startsWith("not known: the first record of diabetes in prod is of ");
  }

  /** What was live in prod so many milliseconds before a time. */
  private JsonNode liveAt(String time, int before) {
    Result then =
        diabetes
            .commands()
            .json(
                "history",
                "diabetes",
                "--workspace",
                "prod",
                "--at",
                Instant.parse(time).minusMillis(before).toString());
    assertThat(then.code()).as(then.out()).isEqualTo(DONE);
    return then.json().path("live").path(0);
  }

  @Test
  @Order(8)
  @Tag("S2.18")
  void aModelWorseThanTheChampionIsRejectedByTheGateAlone() throws IOException {
    diabetes.change("notebooks/train.py", "\"alpha\", \"10.0\"", "\"alpha\", \"5000.0\"");
    String worse = diabetes.commit("Far too strong a penalty");

    Result end = diabetes.start();

    assertThat(end.code()).as(end.out()).isEqualTo(REJECTED);
    assertThat(end.json().path("state").asText()).isEqualTo("REJECTED");
    assertThat(witness.versions("prod", "diabetes")).hasSize(2);
    assertThat(witness.runs("prod", worse)).isEmpty();
  }

  @Test
  @Order(9)
  @Tag("S0.06")
  @Tag("S2.13")
  void aFailedCheckStopsBeforeTraining() throws IOException {
    int runs = witness.submittedRuns("dev", "diabetes train").size();
    assertThat(runs).as("runs of the training notebook so far").isEqualTo(3);
    diabetes.change("data/diabetes.csv", "59,2,32.1", "59,2,3210");
    String broken = diabetes.commit("Data that came broken");

    Result stopped = diabetes.start();

    assertThat(stopped.code()).as(stopped.out()).isEqualTo(FAILED);
    assertThat(step(stopped.json(), "check").path("state").asText()).isEqualTo("FAILED");
    assertThat(step(stopped.json(), "train").path("state").asText()).isEqualTo("PENDING");
    assertThat(witness.runs("dev", broken)).isEmpty();
    assertThat(witness.submittedRuns("dev", "diabetes train")).hasSize(runs);
  }

  @Test
  @Order(10)
  void aRejectedOneEndsWithNothingInProd() throws IOException {
    Team tiny = Team.tiny("unwanted");
    String promotion = tiny.commit("Not wanted");
    assertThat(tiny.start().code()).isEqualTo(WAITING);

    tiny.commands().run("reject", promotion, "--by", "ana@example.com", "--comment", "too early");
    Result end = tiny.commands().json("watch", promotion);

    assertThat(end.code()).as(end.out()).isEqualTo(REJECTED);
    assertThat(witness.versions("prod", "unwanted")).isEmpty();
    assertThat(witness.runs("prod", promotion)).isEmpty();
  }

  @Test
  @Order(11)
  @Tag("S1.03")
  void twoCommitsOfOneModelEachTrainTheirOwnCode() throws IOException {
    Team tiny = Team.tiny("abreast");
    // By default the newer one would end the older.
    tiny.change("promotion.yaml", "model: abreast", "model: abreast\nconcurrency: queue");
    String one = tiny.commit("The first of two");
    CompletableFuture<Result> first = Together.begin(tiny::start);
    // A start uses the commit that is checked out when it begins.
    Awaitility.await()
        .atMost(Duration.ofMinutes(5))
        .until(() -> tiny.commands().run("status", one).code() != WRONG);
    tiny.change("promotion.yaml", "0.80", "0.79");
    String other = tiny.commit("The second of two");
    Result second = tiny.start();

    assertThat(first.join().code()).as(first.join().out()).isEqualTo(WAITING);
    assertThat(second.code()).as(second.out()).isEqualTo(WAITING);
    assertThat(witness.submittedRuns("dev", "abreast train"))
        .extracting(run -> run.path("git_source").path("git_commit").asText().substring(0, 12))
        .containsExactlyInAnyOrder(commitOf(one), commitOf(other));
    assertThat(witness.runs("dev", one)).hasSize(1);
    assertThat(witness.runs("dev", other)).hasSize(1);
  }

  private static String commitOf(String promotion) {
    return promotion.substring(promotion.lastIndexOf('/') + 1);
  }

  private static Result startedAndApproved(Team team, String promotion) {
    Result start = team.start();
    return start.code() == WAITING ? team.approveAndWatch(promotion) : start;
  }

  private static JsonNode step(JsonNode view, String name) {
    return StreamSupport.stream(view.path("steps").spliterator(), false)
        .filter(step -> step.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no step " + name + ": " + view));
  }

  private static JsonNode champion(JsonNode view) {
    return StreamSupport.stream(
            view.path("requests").path(0).path("evidence").path("results").spliterator(), false)
        .filter(result -> result.toString().contains("champion"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no gate compared with the champion: " + view));
  }

  private static Map<String, Double> metrics(Run run) {
    Map<String, Double> metrics = new java.util.TreeMap<>();
    run.getData().getMetricsList().forEach(m -> metrics.put(m.getKey(), m.getValue()));
    return metrics;
  }
}
