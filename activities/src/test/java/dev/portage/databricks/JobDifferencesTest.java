package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.job.JobOrder;
import dev.portage.job.SettingChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class JobDifferencesTest {
  @AutoClose private final FakeWorkspace workspace = FakeWorkspace.start();
  private final FakeJobs there = new FakeJobs(workspace);
  private final DatabricksJobs jobs = Orders.jobs(workspace);

  private static JobOrder first() {
    return Orders.scoring("promotion/churn/first", "1");
  }

  private static JobOrder planned() {
    return Orders.scoring("promotion/churn/second", "<new version>");
  }

  /** Without a field that only this workspace knows: the effect on it is unknown. */
  private List<String> changes(JobOrder order) {
    List<String> changes = new ArrayList<>(shown(jobs.previewJob(order).changes()));
    changes.remove("a_field_of_tomorrow: A_WORD_OF_TOMORROW → nothing");
    return changes;
  }

  private static List<String> shown(List<SettingChange> changes) {
    return changes.stream()
        .map(change -> change.name() + ": " + change.now() + " → " + change.then())
        .toList();
  }

  private List<String> afterHand(Consumer<ObjectNode> change) {
    jobs.applyJob(first());
    change.accept(there.only());
    return changes(planned());
  }

  @Test
  void theNextVersionOfTheSameCommitChangesTheVersionAlone() {
    jobs.applyJob(first());

    assertThat(changes(planned()))
        .containsExactly(
            "tasks.score.notebook_task.base_parameters.model_uri: models:/churn/1 →"
                + " models:/churn/<new version>",
            "tasks.score.notebook_task.base_parameters.model_version: 1 → <new version>");
    assertThat(workspace.calls("POST /api/2.2/jobs/reset")).isEmpty();
  }

  @Test
  void addedAndRemovedSchedulesAreShown() {
    jobs.applyJob(Orders.withoutSchedule(first()));
    assertThat(changes(planned()))
        .contains(
            "schedule.quartz_cron_expression: nothing → 0 0 6 * * ?",
            "schedule.timezone_id: nothing → Europe/Berlin",
            "schedule.pause_status: nothing → UNPAUSED");

    jobs.applyJob(Orders.scoring("promotion/churn/third", "2"));
    assertThat(changes(Orders.withoutSchedule(planned())))
        .contains("schedule.quartz_cron_expression: 0 0 6 * * ? → nothing");
  }

  @Test
  void aMissingJobGetsAllItsSettings() {
    assertThat(changes(planned()))
        .contains(
            "name: nothing → churn-batch",
            "tasks.score.notebook_task.base_parameters.table: nothing → churn_predictions",
            "schedule.quartz_cron_expression: nothing → 0 0 6 * * ?")
        .anyMatch(line -> line.contains("base_parameters.model_uri: nothing → models:/"))
        .noneMatch(line -> line.contains("portage_"));
  }

  /** The API demands one, but a folder of this machine has none that people know of. */
  @Test
  void theServiceOfARepositoryIsShownWhereItHasOne() throws IOException {
    JsonNode folder = source("file:///home/ana/churn", "gitHub");
    JsonNode hosted = source("https://github.com/example/churn", "gitHub");

    assertThat(shown(JobDifferences.of(null, folder)))
        .containsExactly("git_source.git_url: nothing → file:///home/ana/churn");
    assertThat(shown(JobDifferences.of(null, hosted)))
        .contains("git_source.git_provider: nothing → gitHub");
    assertThat(
            shown(JobDifferences.of(folder, source("https://gitlab.com/example/churn", "gitLab"))))
        .contains("git_source.git_provider: gitHub → gitLab");
  }

  private static JsonNode source(String url, String provider) throws IOException {
    return JsonMapper.builder()
        .build()
        .readTree(
            "{\"git_source\":{\"git_url\":\"%s\",\"git_provider\":\"%s\"}}"
                .formatted(url, provider));
  }

  @Test
  void manualChangesThatAResetRevertsAreShown() {
    List<String> lines =
        afterHand(settings -> {
          settings.putObject("email_notifications").putArray("on_failure").add("ops@example.com");
          settings.withObjectProperty("schedule").put("pause_status", "PAUSED");
          settings.put("max_concurrent_runs", 3);
          settings.withObjectProperty("tags").put("team", "ml");
        });

    assertThat(lines)
        .contains(
            "email_notifications.on_failure: ops@example.com → nothing",
            "max_concurrent_runs: 3 → 1",
            "tags.team: ml → nothing");
  }

  @Test
  void whatAWorkspaceAddsItselfIsNoChange() {
    List<String> lines =
        afterHand(settings -> {
          settings.put("format", "MULTI_TASK").put("performance_target", "STANDARD");
          settings.putObject("email_notifications").put("no_alert_for_skipped_runs", false);
          settings.putObject("webhook_notifications");
          settings.put("edit_mode", "UI_LOCKED");
          settings.putObject("run_as").put("user_name", "ana@example.com");
          ((ObjectNode) settings.path("tasks").path(0)).put("run_if", "ALL_SUCCESS");
        });

    assertThat(lines)
        .as("what is different in every promotion, and nothing else")
        .hasSize(2)
        .allMatch(line -> line.matches(".*\\.(model_version|model_uri): .*"));
  }

  @Test
  void noSecretIsShownWhereverItIs() {
    String token = "dapi" + "0123456789abcdef0123456789abcdef";
    List<String> lines =
        shown(
            JobDifferences.of(
                json(
                    """
                    {"tasks": [{"task_key": "score",
                      "new_cluster": {
                        "spark_env_vars": {"PLAIN_NAME": "hunter2", "REF": "{{secrets/s/k}}"},
                        "spark_conf": {"fs.azure.account.key.x": "hunter2", "a.b": "TOKEN"}},
                      "notebook_task": {"base_parameters": {
                        "password": "hunter2", "url": "jdbc:x;password=hunter2"}}}]}
                    """
                        .replace("TOKEN", token)),
                json(
                    """
                    {"tasks": [{"task_key": "score",
                      "new_cluster": {"spark_env_vars": {"PLAIN_NAME": "hunter3"}}}]}
                    """)));

    assertThat(String.join("\n", lines))
        .doesNotContain("hunter")
        .doesNotContain(token)
        .contains("spark_env_vars.PLAIN_NAME: (hidden) → (hidden, another)")
        .contains("spark_env_vars.REF: {{secrets/s/k}} → nothing")
        .contains("base_parameters.password: (hidden) → nothing")
        .contains("base_parameters.url: (hidden) → nothing")
        .contains("spark_conf.a.b: (hidden) → nothing");
  }

  @Test
  void aSecretAmongArgumentsOrInADocumentIsNotShown() {
    assertThat(
            shown(
                JobDifferences.of(
                    json(
                        """
                        {"p": {"parameters": ["--table", "a", "--db-password", "hunter2"],
                          "config": "{\\"password\\": \\"hunter2\\"}"}}
                        """),
                    json("{}"))))
        .containsExactly("p.config: (hidden) → nothing", "p.parameters: (hidden) → nothing");
  }

  @Test
  void aScriptsArgumentsAreNamedAndAListOfWordsIsOneSetting() {
    assertThat(
            shown(
                JobDifferences.of(
                    json(
                        "{\"p\": {\"parameters\": [\"--table=a\", \"x\"], \"l\": [\"a\", \"b\"]}}"),
                    json("{\"p\": {\"parameters\": [\"--table=b\", \"x\"], \"l\": [\"a\"]}}"))))
        .containsExactly("p.l: a, b → a", "p.parameters.table: a → b");
  }

  @Test
  void manyChangesEndWithACount() {
    ObjectNode tags = JsonMapper.builder().build().createObjectNode();
    for (int i = 0; i < 200; i++) {
      tags.withObjectProperty("tags").put("t" + i, "x");
    }

    assertThat(shown(JobDifferences.of(null, tags)))
        .hasSize(61)
        .last()
        .isEqualTo("140 more settings: … → …");
  }

  private static JsonNode json(String text) {
    try {
      return JsonMapper.builder().build().readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
