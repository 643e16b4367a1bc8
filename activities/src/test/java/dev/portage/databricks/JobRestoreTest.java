package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.job.JobChange;
import dev.portage.job.JobState;
import dev.portage.job.JobUndo;
import dev.portage.job.UndoResult;
import dev.portage.job.UndoResult.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restoring a job in a workspace that adds, keeps, reorders and omits settings. */
class JobRestoreTest extends JobsWorld {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"aws_attributes\":{\"availability\":\"SPOT_WITH_FALLBACK\",\"zone_id\":\"us-east-1c\"},"
            + "\"enable_elastic_disk\":false,\"node_type_id\":\"i3.xlarge\"}",
        "{\"azure_attributes\":{\"availability\":\"ON_DEMAND_AZURE\",\"first_on_demand\":1},"
            + "\"enable_elastic_disk\":true,\"driver_node_type_id\":\"Standard_DS3_v2\"}",
        "{\"gcp_attributes\":{\"availability\":\"ON_DEMAND_GCP\",\"zone_id\":\"HA\"},"
            + "\"node_type_id\":\"n2-standard-4\"}"
      })
  void whatAWorkspaceComputesNextToAPoolIsNotSentBack(String computed)
      throws JsonProcessingException {
    there.computed = (ObjectNode) JsonMapper.builder().build().readTree(computed);
    there.add(withPool(created()));
    there.settings.remove(101L);

    JobChange change = jobs.applyJob(second());
    UndoResult undone = jobs.undoJob(new JobUndo("dev", change));

    assertThat(undone.text())
        .endsWith(
            "has its previous settings again, and scores with version 1; what starts it is paused, as before");
    assertThat(undone.outcome()).isEqualTo(Outcome.PUT_BACK);
    assertThat(there.only().at("/tasks/0/new_cluster/instance_pool_id").asText())
        .isEqualTo("pool-1");
  }

  @Test
  void settingsThatPeopleAddedNextToAPoolAreKept() {
    ObjectNode settings = withPool(created());
    ObjectNode cluster = (ObjectNode) settings.at("/tasks/0/new_cluster");
    cluster
        .putObject("aws_attributes")
        .put("zone_id", "auto")
        .put("instance_profile_arn", "arn:aws:iam::1:instance-profile/scoring");
    cluster.putObject("gcp_attributes").put("google_service_account", "scoring@example.com");
    ((ObjectNode) settings.path("tasks").path(0))
        .putObject("for_each_task")
        .putObject("task")
        .set("new_cluster", cluster.deepCopy());
    settings
        .putArray("job_clusters")
        .addObject()
        .put("job_cluster_key", "main")
        .set("new_cluster", cluster.deepCopy());
    ((ObjectNode) settings.at("/job_clusters/0/new_cluster")).remove("num_workers");

    PoolAdditions.remove(settings);

    for (ObjectNode cleaned : PoolAdditions.clusters(settings)) {
      assertThat(cleaned.path("aws_attributes"))
          .hasSize(1)
          .allSatisfy(kept -> assertThat(kept.asText()).startsWith("arn:"));
      assertThat(cleaned.at("/gcp_attributes/google_service_account").asText())
          .isEqualTo("scoring@example.com");
    }
    assertThat(PoolAdditions.clusters(settings)).hasSize(3);
    assertThat(settings.at("/job_clusters/0/new_cluster/num_workers").isNumber()).isTrue();
  }

  @Test
  void aNodeTypeChosenWithoutAPoolIsKept() {
    ObjectNode settings = created();
    ((ObjectNode) settings.path("tasks").path(0))
        .putObject("new_cluster")
        .put("node_type_id", "i3.xlarge")
        .put("driver_instance_pool_id", "pool-9");

    PoolAdditions.remove(settings);

    assertThat(settings.at("/tasks/0/new_cluster/node_type_id").asText()).isEqualTo("i3.xlarge");
    assertThat(settings.at("/tasks/0/new_cluster").has("driver_instance_pool_id")).isFalse();
  }

  @Test
  void theRunAsIdentityIsReportedAndKeptAndNotSent() {
    jobs.applyJob(first());
    there.only().putObject("run_as").put("service_principal_name", "b7d0-scoring");
    assertThat(jobs.findJob(QUERY).orElseThrow().runAs()).isEqualTo("b7d0-scoring");

    JobChange change = jobs.applyJob(second());

    assertThat(change.now().runAs()).isEqualTo("b7d0-scoring");
    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.PUT_BACK);
    assertThat(workspace.calls(RESET))
        .allSatisfy(call -> assertThat(call.body().path("new_settings").has("run_as")).isFalse());
    assertThat(there.only().at("/run_as/service_principal_name").asText())
        .isEqualTo("b7d0-scoring");
    assertThat(there.only().path("description").asText()).contains("except the run-as identity");
  }

  @Test
  void aJobWithMoreThan100TasksIsReadAndRestoredCompletely() {
    ObjectNode many = created();
    ArrayNode tasks = (ArrayNode) many.path("tasks");
    for (int i = 1; i < 250; i++) {
      tasks.addObject().put("task_key", "also-%03d".formatted(i));
    }
    many.putArray("job_clusters")
        .addObject()
        .put("job_cluster_key", "main")
        .putObject("new_cluster");
    many.putArray("parameters").addObject().put("name", "day").put("default", "today");
    there.settings.put(101L, many);

    JobChange change = jobs.applyJob(second());
    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.PUT_BACK);

    assertThat(there.only().path("tasks")).hasSize(250);
    assertThat(there.only().path("job_clusters")).hasSize(1);
    assertThat(there.only().path("parameters")).hasSize(1);
  }

  @Test
  void listsInAnotherOrderAreTheSameJob() {
    ObjectNode settings = created();
    ObjectNode hooks = settings.putObject("webhook_notifications");
    for (String event : new String[] {"on_start", "on_failure"}) {
      hooks.putArray(event).addObject().put("id", "hook-2");
      ((ArrayNode) hooks.path(event)).addObject().put("id", "hook-1");
    }
    ArrayNode tasks = (ArrayNode) settings.path("tasks");
    tasks.addObject().put("task_key", "b");
    ArrayNode depends = tasks.addObject().put("task_key", "a").putArray("depends_on");
    depends.addObject().put("task_key", "score");
    depends.addObject().put("task_key", "b");
    there.settings.put(101L, settings);

    JobChange change = jobs.applyJob(second());

    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.PUT_BACK);
  }

  @Test
  void theOrderOfATasksOwnParametersCounts() throws JsonProcessingException {
    JsonMapper mapper = JsonMapper.builder().build();
    String task = "{\"tasks\":[{\"task_key\":\"a\",\"spark_python_task\":{\"parameters\":%s}}]}";

    assertThat(SettingsJson.hash(mapper.readTree(task.formatted("[\"x\",\"y\"]"))))
        .isNotEqualTo(SettingsJson.hash(mapper.readTree(task.formatted("[\"y\",\"x\"]"))));
  }

  @Test
  void settingsThatAWorkspaceNeverReturnsAreReported() {
    jobs.applyJob(first());
    ((ObjectNode) there.only().path("tasks").path(0))
        .putObject("new_cluster")
        .put("policy_id", "E06")
        .put("apply_policy_default_values", true);

    assertThat(jobs.findJob(QUERY).orElseThrow().remarks())
        .singleElement()
        .asString()
        .contains("whether its cluster takes the defaults of policy E06");
  }

  @Test
  void aJobWhoseRecordWasRemovedIsNotDeleted() {
    jobs.applyJob(first());
    jobs.applyJob(second());
    ((ObjectNode) there.only().path("tags")).remove("portage_undo_1");
    JobChange change = jobs.findJob(QUERY).flatMap(JobState::change).orElseThrow();

    assertThatThrownBy(() -> jobs.undoJob(new JobUndo("dev", change)))
        .hasMessageContaining("doesn't say where the previous settings are kept");
    assertThat(there.settings).containsOnlyKeys(101L);
  }

  @Test
  void settingsThatWereNotRestoredAreNamed() {
    jobs.applyJob(first());
    JobChange change = jobs.applyJob(second());
    workspace.on(
        RESET,
        call -> {
          ((ObjectNode) call.body().path("new_settings")).put("max_concurrent_runs", 9);
          return there.reset(call);
        });

    assertThat(jobs.undoJob(new JobUndo("dev", change)).text())
        .contains("was restored but differs from before: check its max_concurrent_runs");
  }

  private ObjectNode created() {
    jobs.applyJob(first());
    return there.only().deepCopy();
  }

  private static ObjectNode withPool(ObjectNode settings) {
    ((ObjectNode) settings.path("tasks").path(0))
        .putObject("new_cluster")
        .put("spark_version", "16.4.x-cpu-ml-scala2.12")
        .put("instance_pool_id", "pool-1")
        .put("num_workers", 1);
    return settings;
  }
}
