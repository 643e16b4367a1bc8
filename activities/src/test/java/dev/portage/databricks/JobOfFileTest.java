package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.document.Reading;
import dev.portage.job.JobChange;
import dev.portage.job.JobOrder;
import dev.portage.job.JobQuery;
import dev.portage.job.JobRestoreOrder;
import dev.portage.job.JobState;
import dev.portage.job.JobUndo;
import dev.portage.job.NotebookOrder;
import dev.portage.job.RestoredJob;
import dev.portage.job.ScoringRunOrder;
import dev.portage.job.SettingChange;
import dev.portage.job.Source;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.PromotionFile;
import dev.portage.settings.Work;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The requests for a scoring job whose settings are a file of the team's. */
@Tag("S1.10")
class JobOfFileTest {
  private static final String SUBMIT = "POST /api/2.2/jobs/runs/submit";
  private static final String RUN_NOW = "POST /api/2.2/jobs/run-now";
  private static final String A = "promotion/churn/a";
  private static final String B = "promotion/churn/b";

  /** Several tasks, whose version is under a name of theirs. */
  private static final String JOB =
      """
      {
        "description": "Scores all customers.",
        "parameters": [
          {"name": "uri", "default": "{model_uri}"},
          {"name": "output", "default": "{table}"},
          {"name": "batch", "default": "{batch_id}"},
          {"name": "promo", "default": "{promotion_id}"}
        ],
        "tasks": [
          {"task_key": "features", "job_cluster_key": "small",
           "notebook_task": {"notebook_path": "jobs/features"},
           "email_notifications": {"on_failure": ["risk@example.com"]}},
          {"task_key": "score", "depends_on": [{"task_key": "features"}],
           "spark_python_task": {"python_file": "src/score.py",
             "parameters": ["--model", "{{job.parameters.uri}}", "--of", "{commit}"]}}
        ],
        "job_clusters": [{"job_cluster_key": "small", "new_cluster": {
          "spark_version": "16.4.x-cpu-ml-scala2.12", "node_type_id": "Standard_DS3_v2",
          "instance_pool_id": "{pool:ml small}", "policy_id": "{policy:standard}", "num_workers": 2}}],
        "schedule": {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "UTC"},
        "max_concurrent_runs": 3,
        "tags": {"team": "risk"}
      }
      """;

  @AutoClose
  private final FakeWorkspace workspace =
      FakeWorkspace.start()
          .on(SUBMIT, "{\"run_id\": 17}")
          .on(RUN_NOW, "{\"run_id\": 18}")
          .on("GET /api/2.2/jobs/runs/get", "{\"run_id\": 17}")
          .on(
              "GET /api/2.0/instance-pools/list",
              "{\"instance_pools\": [{\"instance_pool_id\": \"p-1\","
                  + " \"instance_pool_name\": \"ml small\"}]}")
          .on(
              "GET /api/2.0/policies/clusters/list",
              "{\"policies\": [{\"policy_id\": \"c-1\", \"name\": \"standard\"}]}");

  private final FakeJobs there = new FakeJobs(workspace);

  @Test
  void theJobIsTheFilesWithIdsOfThisWorkspaceAndTheCommit() {
    apply(A, "1", JOB);

    JsonNode job = there.only();
    assertThat(job.path("name").asText()).isEqualTo("churn-batch");
    assertThat(job.path("description").asText()).isEqualTo("Scores all customers.");
    assertThat(job.at("/git_source/git_commit").asText()).isEqualTo(Orders.COMMIT);
    assertThat(job.at("/tasks/0/notebook_task/source").asText()).isEqualTo("GIT");
    assertThat(job.at("/tasks/1/spark_python_task/parameters").toString())
        .isEqualTo("[\"--model\",\"{{job.parameters.uri}}\",\"--of\",\"" + Orders.COMMIT + "\"]");
    assertThat(job.at("/job_clusters/0/new_cluster").toString())
        .isEqualTo(
            "{\"spark_version\":\"16.4.x-cpu-ml-scala2.12\",\"instance_pool_id\":\"p-1\","
                + "\"policy_id\":\"c-1\",\"num_workers\":2}");
    assertThat(values(job))
        .as("without a promotion: a run of the schedule is none's")
        .isEqualTo("models:/churn/1 churn_predictions {{job.run_id}} ");
    assertThat(job.at("/schedule/pause_status").asText()).isEqualTo("PAUSED");
    assertThat(job.path("max_concurrent_runs").asInt()).isEqualTo(3);
    assertThat(job.path("timeout_seconds").asInt()).isEqualTo(43_200);
    assertThat(job.at("/tags/team").asText()).isEqualTo("risk");
    assertThat(job.at("/tasks/1/environment_key").asText()).isEqualTo("portage");
    assertThat(job.at("/environments/0/environment_key").asText()).isEqualTo("portage");
  }

  /** No parameter of it is called model_version, and a tag holds no promotion's id as it is. */
  @Test
  void itsVersionAndItsPromotionAreReadBackWhateverTheParametersAreCalled() {
    apply(A, "1", JOB);
    JobChange change = apply(B, "2", JOB);

    JobState listed = find(null);
    assertThat(listed.modelVersion()).isEqualTo("2");
    assertThat(listed.promotion()).isEqualTo(B);
    assertThat(change.effect()).isEqualTo(JobChange.Effect.RESET);
    assertThat(change.now().promotion()).isEqualTo(B);

    String longest = "promotion/" + "m".repeat(200) + "/0123456789ab";
    there.settings.clear();
    apply(longest, "1", JOB);
    assertThat(find(longest).promotion()).isEqualTo(longest);
  }

  @Test
  void itsPromotionStandsWhereTheFileHasItOutsideOfWhatARunIsGiven() {
    apply(A, "1", JOB.replace("Scores all customers.", "By {promotion_id}."));

    assertThat(there.only().path("description").asText()).isEqualTo("By promotion/churn/a.");
  }

  /** By it a run is found that a terminated promotion left. */
  @Test
  void aFileThatPassesNoPromotionIsRefused() {
    String without =
        JOB.replace("{\"name\": \"promo\", \"default\": \"{promotion_id}\"}", "")
            .replace("\"{batch_id}\"},", "\"{batch_id}\"}");

    assertThatThrownBy(() -> work(without))
        .hasMessageContaining("no parameter names the promotion")
        .hasMessageContaining("need not be used");
  }

  @Test
  void aChangeIsShownAndARestoreBringsTheWholeFileBack() {
    apply(A, "1", JOB);
    JsonNode before = there.only().deepCopy();
    String changed = JOB.replace("\"num_workers\": 2", "\"num_workers\": 4");

    assertThat(jobs().previewJob(order(B, "2", changed)).changes())
        .extracting(SettingChange::name)
        .contains("job_clusters.small.new_cluster.num_workers", "parameters.uri.default");
    JobChange change = apply(B, "2", changed);
    assertThat(there.only().at("/job_clusters/0/new_cluster/num_workers").asInt()).isEqualTo(4);

    undo(change);
    assertThat(SettingsJson.hash(there.only())).isEqualTo(SettingsJson.hash(before));
  }

  /** By what its release has stored: neither the file nor its commit is read again. */
  @Test
  @Tag("S1.12")
  void aRollbackBringsTheFileOfThatReleaseBackAlsoIntoAJobThatWasDeleted() {
    JobChange release = apply(A, "1", JOB);
    JsonNode before = JobPause.resumed(there.only());
    apply(B, "2", JOB.replace("\"num_workers\": 2", "\"num_workers\": 4"));

    assertThat(kept.restoreJob(restoring(release)).outcome())
        .isEqualTo(RestoredJob.Outcome.RESTORED);
    assertThat(SettingsJson.hash(there.only())).isEqualTo(SettingsJson.hash(before));
    assertThat(there.only().at("/schedule/pause_status").asText()).isEqualTo("UNPAUSED");

    there.settings.clear();
    RestoredJob again = kept.restoreJob(restoring(release));
    assertThat(again.outcome()).isEqualTo(RestoredJob.Outcome.CREATED_AGAIN);
    assertThat(Objects.requireNonNull(again.now()).promotion()).isEqualTo(A);
    assertThat(again.now().modelVersion()).isEqualTo("1");
    assertThat(SettingsJson.hash(there.only())).isEqualTo(SettingsJson.hash(before));
  }

  private static JobRestoreOrder restoring(JobChange release) {
    return new JobRestoreOrder(
        "dev",
        release.now().name(),
        "churn",
        release.now().jobId(),
        release.now().lastingHash(),
        release.settings(),
        "rollback/dev/churn/1",
        null);
  }

  @Test
  void theSameOrderTwiceResetsNothing() {
    apply(A, "1", JOB);
    JobChange first = apply(B, "2", JOB);
    int resets = workspace.calls("POST /api/2.2/jobs/reset").size();

    JobChange second = apply(B, "2", JOB);

    assertThat(workspace.calls("POST /api/2.2/jobs/reset")).hasSize(resets);
    assertThat(second.now().settingsHash()).isEqualTo(first.now().settingsHash());
  }

  @Test
  void oneRunGetsItsValuesByTheNamesOfTheFile() {
    jobs()
        .runJob(
            new ScoringRunOrder(
                "dev",
                5,
                "key",
                Map.of(
                    "model_uri",
                    "models:/churn/2",
                    "table",
                    "aside",
                    "batch_id",
                    "b",
                    "promotion_id",
                    A,
                    "model_version",
                    "2"),
                null,
                work(JOB)));

    JsonNode sent = workspace.calls(RUN_NOW).getLast().body();
    assertThat(sent.path("job_parameters").toString())
        .isEqualTo(
            "{\"batch\":\"b\",\"output\":\"aside\",\"promo\":\"promotion/churn/a\","
                + "\"uri\":\"models:/churn/2\"}");
    assertThat(sent.has("notebook_params")).isFalse();
  }

  /** runs/submit knows neither clusters nor parameters of a job. */
  @Test
  void aRehearsalRunsItsTasksWithClustersAndParametersOfTheirOwn() {
    Work rehearsed =
        work(JOB)
            .with(
                Map.of(
                    "model_uri",
                    "models:/churn/2",
                    "table",
                    "aside",
                    "batch_id",
                    "b",
                    "promotion_id",
                    A));
    jobs()
        .submitNotebook(
            NotebookOrder.of(
                "dev", A + "#rehearse#1", "churn", Orders.SOURCE, rehearsed, Map.of()));

    JsonNode sent = workspace.calls(SUBMIT).getLast().body();
    assertThat(sent.has("parameters") || sent.has("job_clusters") || sent.has("schedule"))
        .isFalse();
    assertThat(sent.has("name") || sent.has("tags") || sent.has("max_concurrent_runs")).isFalse();
    JsonNode features = sent.at("/tasks/0");
    assertThat(features.at("/new_cluster/instance_pool_id").asText()).isEqualTo("p-1");
    assertThat(features.has("job_cluster_key") || features.has("email_notifications")).isFalse();
    assertThat(features.at("/notebook_task/base_parameters/output").asText()).isEqualTo("aside");
    JsonNode score = sent.at("/tasks/1");
    assertThat(score.at("/depends_on/0/task_key").asText()).isEqualTo("features");
    assertThat(score.at("/spark_python_task/parameters/1").asText()).isEqualTo("models:/churn/2");
    assertThat(RunStarts.promotionIn(score.path("description").asText())).isEqualTo(A);
    assertThat(sent.path("idempotency_token").asText()).hasSize(64);
    assertThat(sent.path("run_name").asText()).isEqualTo("churn");
  }

  @Test
  void aTaskThatStartsAnotherJobIsNotRehearsed() {
    String other =
        JOB.replace(
                "\"notebook_task\": {\"notebook_path\": \"jobs/features\"}",
                "\"run_job_task\": {\"job_id\": 7}")
            .replace("\"job_cluster_key\": \"small\",\n", "");

    assertThatThrownBy(() ->
            jobs()
                .submitNotebook(
                    NotebookOrder.of("dev", "k", "churn", Orders.SOURCE, work(other), Map.of())))
        .hasMessageContaining("task features is a run_job_task");
    assertThat(workspace.calls(SUBMIT)).isEmpty();
  }

  @Test
  void aRehearsalRepeatsNoTaskByItselfAndRunsNoneThatIsDisabled() {
    String retried =
        JOB.replace(
            "\"notebook_task\": {",
            "\"max_retries\": 3, \"retry_on_timeout\": true, \"disabled\": false, \"notebook_task\": {");
    jobs()
        .submitNotebook(
            NotebookOrder.of("dev", "k", "churn", Orders.SOURCE, work(retried), Map.of()));

    assertThat(workspace.calls(SUBMIT).getLast().body().at("/tasks/0").properties())
        .extracting(Map.Entry::getKey)
        .doesNotContain("max_retries", "retry_on_timeout", "disabled");
    assertThatThrownBy(() ->
            jobs()
                .submitNotebook(
                    NotebookOrder.of(
                        "dev",
                        "l",
                        "churn",
                        Orders.SOURCE,
                        work(retried.replace("\"disabled\": false", "\"disabled\": true")),
                        Map.of())))
        .hasMessageContaining("task features is disabled");
  }

  @Test
  void aPoolThatTheWorkspaceLacksIsNamed() {
    assertThatThrownBy(() -> apply(A, "1", JOB.replace("{pool:ml small}", "{pool:ml large}")))
        .hasMessageContaining("use pool ml large")
        .hasMessageContaining("ml small");
    assertThat(there.settings).isEmpty();
  }

  @Test
  void itsOwnPauseStatusCountsForANewJobAlone() {
    String paused =
        JOB.replace(
            "\"timezone_id\": \"UTC\"", "\"timezone_id\": \"UTC\", \"pause_status\": \"PAUSED\"");

    apply(A, "1", paused);
    assertThat(there.only().at("/tags/portage_resume").asText()).isEqualTo("paused");

    there.settings.clear();
    apply(A, "1", JOB);
    apply(B, "2", paused);
    assertThat(there.only().at("/tags/portage_resume").asText()).isEqualTo("unpaused");
  }

  @Test
  void pathsOfABundleBeginAtItsFileInTheFolderOfThePromotion() {
    Source source = new Source(Orders.SOURCE.gitUrl(), "gitHub", Orders.COMMIT, "models/churn");
    Work.Defined bundle =
        read(
            "jobs/job.yml",
            """
            resources:
              jobs:
                score:
                  tasks:
                    - task_key: score
                      notebook_task:
                        notebook_path: ../score.py
                        base_parameters: {uri: "{model_uri}", out: "{table}", b: "{batch_id}", p: "{promotion_id}"}
            """);

    jobs().submitNotebook(NotebookOrder.of("dev", "k", "churn", source, bundle, Map.of()));

    assertThat(
            workspace
                .calls(SUBMIT)
                .getLast()
                .body()
                .at("/tasks/0/notebook_task/notebook_path")
                .asText())
        .isEqualTo("models/churn/score");
  }

  private DatabricksJobs jobs() {
    return Orders.jobs(workspace);
  }

  private final DatabricksJobs kept = Orders.jobs(workspace);

  private JobChange apply(String promotion, String version, String file) {
    return kept.applyJob(order(promotion, version, file));
  }

  private void undo(JobChange change) {
    kept.undoJob(new JobUndo("dev", change, null));
  }

  private JobState find(@Nullable String asking) {
    return kept.findJob(new JobQuery("dev", "churn-batch", "churn", asking)).orElseThrow();
  }

  /** The defaults of its parameters, in order. */
  private static String values(JsonNode job) {
    StringJoiner values = new StringJoiner(" ");
    job.path("parameters").forEach(one -> values.add(one.path("default").asText()));
    return values.toString();
  }

  private static JobOrder order(String promotion, String version, String file) {
    JobOrder order = Orders.withoutSchedule(Orders.scoring(promotion, version));
    return JobOrder.of(
            "dev",
            "churn",
            BatchSettings.of("churn-batch", work(file), "churn_predictions", null, "UTC"),
            order.source())
        .orderedBy(promotion, promotion + "/batch/1")
        .version("models:/churn/" + version, version)
        .build();
  }

  private static Work.Defined work(String file) {
    return read("job.json", file);
  }

  private static Work.Defined read(String name, String text) {
    String promotion = "model: churn\nbatch: {settings: " + name + ", verify: table}\n";
    if (PromotionFile.read("promotion.yaml", promotion).then(file -> file.withJobFile(text))
        instanceof Reading.Good<PromotionFile>(PromotionFile file)) {
      return (Work.Defined) Objects.requireNonNull(file.batch()).work();
    }
    throw new AssertionError(
        PromotionFile.read("promotion.yaml", promotion).then(file -> file.withJobFile(text)));
  }
}
