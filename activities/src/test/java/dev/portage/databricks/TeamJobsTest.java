package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.job.JobQuery;
import dev.portage.job.TeamJobNeeds;
import dev.portage.job.TeamJobNeeds.Purpose;
import dev.portage.job.TeamJobRunOrder;
import dev.portage.preflight.Finding;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A team's own job is found, inspected and run with the parameters it takes. */
class TeamJobsTest {
  private static final String NOTEBOOK =
      "{\"task_key\":\"a\",\"notebook_task\":{\"notebook_path\":\"/x\","
          + "\"base_parameters\":{\"alpha\":\"1\"}}}";
  private static final String SCRIPT =
      "{\"task_key\":\"a\",\"spark_python_task\":{\"python_file\":\"/x.py\",\"parameters\":"
          + "[\"go\",\"--alpha\",\"1\",\"--beta=2\"]}}";
  private static final String WHEEL =
      "{\"task_key\":\"a\",\"python_wheel_task\":{\"package_name\":\"p\",\"entry_point\":\"e\","
          + "\"named_parameters\":{\"alpha\":\"1\",\"beta\":\"2\"}}}";
  private static final String SQL = "{\"task_key\":\"a\",\"sql_task\":{}}";

  @AutoClose private final FakeWorkspace workspace = FakeWorkspace.start();

  @BeforeEach
  void answer() {
    workspace.on("POST /api/2.2/jobs/run-now", call -> probeOrRun(call));
  }

  @Test
  void parametersAreSentTheWayTheJobTakesThem() {
    assertThat(run(settings(NOTEBOOK, "\"alpha\"")).path("job_parameters").toString())
        .isEqualTo("{\"alpha\":\"9\"}");
    assertThat(run(settings(NOTEBOOK)).path("notebook_params").toString())
        .isEqualTo("{\"alpha\":\"9\",\"model_version\":\"3\"}");
    assertThat(run(settings(SCRIPT)).path("python_params").toString())
        .isEqualTo("[\"go\",\"--alpha=9\",\"--beta=2\"]");
    assertThat(run(settings(WHEEL)).path("python_named_params").toString())
        .isEqualTo("{\"alpha\":\"9\",\"beta\":\"2\"}");
  }

  @Test
  void theSameKeyIsTheSameTokenAndSettingsAreNeverSent() {
    JsonNode first = run(settings(NOTEBOOK));
    JsonNode again = run(settings(NOTEBOOK));

    assertThat(first.path("idempotency_token")).isEqualTo(again.path("idempotency_token"));
    assertThat(first.path("idempotency_token").asText()).hasSize(64);
    assertThat(workspace.calls("POST /api/2.2/jobs/reset")).isEmpty();
    assertThat(workspace.calls("POST /api/2.2/jobs/create")).isEmpty();
  }

  @Test
  void anUnknownParameterIsNamedWithThoseThatTheJobTakes() {
    there(settings(WHEEL));

    assertThatThrownBy(() -> jobs().runTheirJob(order("nightly", Map.of("gamma", "1"))))
        .hasMessageContaining("job 12 takes no parameter gamma; it takes alpha, beta");
  }

  @Test
  void aMissingJobAndAnAmbiguousNameAreDistinguished() {
    listed();
    assertThatThrownBy(() -> jobs().runTheirJob(order("nightly", Map.of())))
        .hasMessageContaining("there is no job with that name that the login can see");

    listed(12, 15);
    workspace.on("GET /api/2.2/jobs/get", job(settings(NOTEBOOK)));
    assertThatThrownBy(() -> jobs().runTheirJob(order("nightly", Map.of())))
        .hasMessageContaining("jobs 12 and 15 all have that name")
        .hasMessageContaining("job: 15");
  }

  @Test
  void approversSeeWhichCodeItRuns() {
    there(settings(NOTEBOOK));
    assertThat(jobs().findJob(JobQuery.ofTheirs("dev", "12", "churn")).orElseThrow().remarks())
        .containsExactly("which commit it runs is not known: it has no Git source");

    there(
        settings(NOTEBOOK)
            .replace(
                "\"name\"",
                "\"deployment\":{\"kind\":\"BUNDLE\"},\"git_source\":{\"git_url\":\"https://g/x\","
                    + "\"git_branch\":\"main\"},\"name\""));
    assertThat(jobs().findJob(JobQuery.ofTheirs("dev", "12", "churn")).orElseThrow().remarks())
        .containsExactly(
            "runs branch main of https://g/x",
            "deployed by a bundle, which keeps its settings: parameters alone go in");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          TRAIN | sql      |       | none of its tasks can create an MLflow run with a model: sql_task
          TRAIN | wheel    | gamma | it takes no parameter gamma; it takes alpha, beta
          SCORE | notebook |       | it takes neither model_version nor model_uri
          SCORE | wheel    |       | it takes neither model_version nor model_uri
          """)
  void whatTheJobCannotDoIsReportedBeforeAnythingStarts(
      Purpose purpose, String task, String parameter, String lack) {
    Map<String, String> tasks = Map.of("sql", SQL, "wheel", WHEEL, "notebook", NOTEBOOK);
    there(settings(Objects.requireNonNull(tasks.get(task))));

    assertThat(look(purpose, parameter == null ? List.of() : List.of(parameter)))
        .filteredOn(finding -> finding.verdict() == Finding.Verdict.LACK)
        .extracting(Finding::text)
        .singleElement()
        .asString()
        .contains(lack);
  }

  @Test
  void aMissingPermissionToRunItComesWithTheCommand() {
    there(settings(NOTEBOOK));
    workspace.on(
        "POST /api/2.2/jobs/run-now",
        call -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "not for you"));

    assertThat(look(Purpose.CHECK, List.of()))
        .filteredOn(finding -> finding.verdict() == Finding.Verdict.LACK)
        .singleElement()
        .satisfies(failed -> {
          assertThat(failed.text()).contains("may not run it: 403 PERMISSION_DENIED");
          assertThat(failed.remedy()).contains("CAN_MANAGE_RUN").contains("jobs 12");
        });
  }

  /** Reading a job in order to run it: the permission to run it is enough for both. */
  @Test
  void aJobByIdThatIsHiddenNamesThePermissionToRunIt() {
    workspace
        .on("GET " + Me.PATH, "{\"userName\":\"ana@example.com\"}")
        .on(
            "GET /api/2.2/jobs/get",
            call -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "no View on job 12"));

    List<Finding> found =
        new TeamJobCheck(workspace.clients().of("dev"), me())
            .look(List.of(new TeamJobNeeds("train", "12", List.of(), Purpose.TRAIN)));

    assertThat(found)
        .singleElement()
        .satisfies(failed -> {
          assertThat(failed.text())
              .contains(
                  "no job with that id, or it is hidden from the login: 403 no View on job 12");
          assertThat(failed.remedy())
              .contains("permissions update jobs 12")
              .contains(
                  "\"user_name\":\"ana@example.com\",\"permission_level\":\"CAN_MANAGE_RUN\"");
        });
  }

  private List<Finding> look(Purpose purpose, List<String> parameters) {
    return new TeamJobCheck(workspace.clients().of("dev"), me())
        .look(List.of(new TeamJobNeeds("step", "nightly", parameters, purpose)));
  }

  private Me me() {
    return Me.of(workspace.clients().of("dev").probe("who", "GET", Me.PATH, null));
  }

  private JsonNode run(String settings) {
    there(settings);
    jobs().runTheirJob(order("nightly", Map.of("alpha", "9")));
    return workspace.calls("POST /api/2.2/jobs/run-now").getLast().body();
  }

  private static TeamJobRunOrder order(String job, Map<String, String> parameters) {
    return new TeamJobRunOrder("dev", job, "key", parameters, Map.of("model_version", "3"), null);
  }

  private DatabricksJobs jobs() {
    return new DatabricksJobs(workspace.clients(), new Orders.MemoryUndoStore(), new FakeWait());
  }

  private void there(String settings) {
    listed(12);
    workspace.on("GET /api/2.2/jobs/get", job(settings));
    workspace.on("GET /api/2.2/jobs/runs/get", "{\"run_id\":7}");
  }

  private void listed(int... ids) {
    StringBuilder jobs = new StringBuilder();
    for (int id : ids) {
      jobs.append(jobs.isEmpty() ? "" : ",")
          .append("{\"job_id\":" + id + ",\"settings\":{\"name\":\"nightly\"}}");
    }
    workspace.on("GET /api/2.2/jobs/list", "{\"jobs\":[" + jobs + "]}");
  }

  private static String job(String settings) {
    return "{\"job_id\":12,\"settings\":" + settings + "}";
  }

  private static String settings(String task, String... parameters) {
    String all =
        parameters.length == 0
            ? ""
            : "\"parameters\":[{\"name\":" + parameters[0] + ",\"default\":\"1\"}],";
    return "{" + all + "\"name\":\"nightly\",\"tasks\":[" + task + "]}";
  }

  private static mockwebserver3.MockResponse probeOrRun(FakeWorkspace.Call call) {
    return call.body().path("idempotency_token").asText().length() > 64
        ? FakeWorkspace.refusal(400, "INVALID_PARAMETER_VALUE", "token too long")
        : FakeWorkspace.json(200, "{\"run_id\":7}");
  }
}
