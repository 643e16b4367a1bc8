package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.jobs.CreateJob;
import com.databricks.sdk.service.jobs.JobSettings;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.compute.ComputeSettings;
import dev.portage.document.Reading;
import dev.portage.http.BearerToken;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.job.JobChange;
import dev.portage.job.JobOrder;
import dev.portage.job.JobQuery;
import dev.portage.job.JobUndo;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.PromotionFile;
import dev.portage.settings.Work;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The three forms of a file with a scoring job's settings against Databricks' own test server,
 * which reads bodies into the types of Databricks' SDK: see docs/compatibility.md.
 */
@EnabledIfEnvironmentVariable(
    named = "PORTAGE_TESTSERVER",
    matches = "http://127\\.0\\.0\\.1:.*",
    disabledReason = "PORTAGE_TESTSERVER is not the address of Databricks' test server")
class JudgedJobFilesTest {

  /** As {@code jobs/create} takes them. */
  private static final String SETTINGS =
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
          {"task_key": "features", "job_cluster_key": "small", "max_retries": 1,
           "notebook_task": {"notebook_path": "jobs/features"}},
          {"task_key": "score", "depends_on": [{"task_key": "features"}], "job_cluster_key": "small",
           "spark_python_task": {"python_file": "src/score.py",
             "parameters": ["--model", "{{job.parameters.uri}}"]}}
        ],
        "job_clusters": [{"job_cluster_key": "small", "new_cluster": {
          "spark_version": "16.4.x-cpu-ml-scala2.12", "node_type_id": "Standard_DS3_v2",
          "autoscale": {"min_workers": 1, "max_workers": 2}, "spark_conf": {"spark.x": "1"}}}],
        "schedule": {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "Europe/Lisbon"},
        "email_notifications": {"on_failure": ["risk@example.com"]},
        "health": {"rules": [{"metric": "RUN_DURATION_SECONDS", "op": "GREATER_THAN", "value": 3600}]},
        "queue": {"enabled": true},
        "max_concurrent_runs": 1,
        "timeout_seconds": 7200,
        "tags": {"team": "risk"}
      }
      """;

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  @AutoClose private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final String model = "churn" + UUID.randomUUID().toString().substring(0, 8);
  private final DatabricksClients clients =
      new DatabricksClients(
          workspace ->
              new DatabricksWorkspace(
                  workspace,
                  URI.create(System.getenv("PORTAGE_TESTSERVER") + "/"),
                  new BearerToken("env:DEV_TOKEN", () -> "dbapi0dev0000000001"),
                  Map.of(ComputeSettings.DEFAULT, ComputeSettings.serverless()),
                  null),
          http.rest());
  private final DatabricksJobs jobs =
      new DatabricksJobs(clients, new Orders.MemoryUndoStore(), new FakeWait());

  /** The same in another of the forms that teams have. */
  private static String file(String form) throws IOException {
    ObjectNode settings = (ObjectNode) STRICT.readTree(SETTINGS);
    return switch (form) {
      case "exported" -> {
        ObjectNode exported = JsonNodeFactory.instance.objectNode();
        exported
            .put("job_id", 17)
            .put("creator_user_name", "ana@example.com")
            .put("created_time", 1)
            .put("run_as_user_name", "ana@example.com")
            .set("settings", settings.put("format", "MULTI_TASK"));
        settings.putObject("run_as").put("user_name", "ana@example.com");
        settings.putObject("git_source").put("git_url", "https://example.com/x.git");
        yield exported.toString();
      }
      case "bundle" -> {
        ObjectNode bundle = JsonNodeFactory.instance.objectNode();
        bundle.putObject("resources").putObject("jobs").set("score", settings);
        settings.putArray("permissions").addObject().put("level", "CAN_VIEW");
        yield bundle.toString();
      }
      default -> SETTINGS;
    };
  }

  private JobOrder order(String name, String text, String promotion, String version) {
    String promotionFile = "model: churn\nbatch: {settings: " + name + ", verify: table}\n";
    if (!(PromotionFile.read("promotion.yaml", promotionFile).then(file -> file.withJobFile(text))
        instanceof Reading.Good<PromotionFile>(PromotionFile file))) {
      throw new AssertionError("the file is refused");
    }
    Work.Defined work = (Work.Defined) Objects.requireNonNull(file.batch()).work();
    return JobOrder.of(
            "dev",
            model,
            BatchSettings.of(model + "-batch", work, "churn_predictions", null, "UTC"),
            Orders.SOURCE)
        .orderedBy(promotion, promotion + "/batch/1")
        .version("models:/churn/" + version, version)
        .build();
  }

  @ParameterizedTest
  @CsvSource({"settings,job.json", "settings,job.yml", "exported,job.json", "bundle,job.yaml"})
  void aFileOfEachFormMakesAJobThatIsResetAndRestored(String form, String name) throws IOException {
    String text = file(form);
    jobs.applyJob(order(name, text, "promotion/" + model + "/a", "1"));
    JsonNode made = stored();
    JobChange second = jobs.applyJob(order(name, text, "promotion/" + model + "/b", "2"));
    JsonNode reset = stored();

    assertThat(second.effect()).isEqualTo(JobChange.Effect.RESET);
    assertThat(made.at("/tasks/0/notebook_task/source").asText()).isEqualTo("GIT");
    assertThat(made.at("/git_source/git_commit").asText()).isEqualTo(Orders.COMMIT);
    assertThat(made.at("/job_clusters/0/new_cluster/autoscale/max_workers").asInt()).isEqualTo(2);
    assertThat(made.at("/health/rules/0/value").asInt()).isEqualTo(3600);
    assertThat(made.at("/parameters/0/default").asText()).isEqualTo("models:/churn/1");
    assertThat(reset.at("/parameters/0/default").asText()).isEqualTo("models:/churn/2");
    assertThat(jobs.findJob(new JobQuery("dev", model + "-batch", model, null)).orElseThrow())
        .satisfies(found -> assertThat(found.modelVersion()).isEqualTo("2"));

    jobs.undoJob(new JobUndo("dev", second, null));
    assertThat(stored().path("parameters")).isEqualTo(made.path("parameters"));
  }

  private JsonNode stored() throws IOException {
    DatabricksApi api = clients.of("dev");
    for (JsonNode job : api.read("/api/2.2/jobs/list", Map.of("limit", "100")).path("jobs")) {
      if (job.at("/settings/name").asText().equals(model + "-batch")) {
        JsonNode settings =
            api.read("/api/2.2/jobs/get", Map.of("job_id", job.path("job_id").asText()))
                .path("settings");
        // Each field of it is one of the SDK's.
        STRICT.treeToValue(settings, JobSettings.class);
        STRICT.treeToValue(settings, CreateJob.class);
        return settings;
      }
    }
    throw new AssertionError("there is no job");
  }
}
