package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.compute.ComputeSettings;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.preflight.WorkspaceReport;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DatabricksInspectionTest {
  private static final String ME = "GET /api/2.0/preview/scim/v2/Me";
  private static final String RUNTIMES = "GET /api/2.1/clusters/spark-versions";
  private static final String SUBMIT = "POST /api/2.2/jobs/runs/submit";
  private static final String CREATE = "POST /api/2.2/jobs/create";

  @AutoClose
  private final FakeWorkspace workspace =
      FakeWorkspace.start()
          .compute(ComputeSettings.ofPool("ml-small"))
          .warehouse("portage")
          .on(ME, "{\"id\": \"88\", \"userName\": \"ana@example.com\"}")
          .on(
              RUNTIMES,
              "{\"versions\": [{\"key\": \"16.4.x-cpu-ml-scala2.12\", \"name\": \"16.4 LTS ML\"}]}")
          .on(
              "GET /api/2.0/instance-pools/list",
              "{\"instance_pools\": [{\"instance_pool_id\": \"p1\","
                  + " \"instance_pool_name\": \"ml-small\", \"state\": \"ACTIVE\"}]}")
          .on(
              "GET /api/2.0/sql/warehouses",
              "{\"warehouses\": [{\"id\": \"w1\", \"name\": \"portage\", \"state\": \"STOPPED\"}]}")
          .on("GET /api/2.2/jobs/list", "{}")
          .on("GET /api/2.0/serving-endpoints", "{}")
          .on(
              "POST /api/2.0/serving-endpoints",
              _ -> FakeWorkspace.refusal(400, "INVALID_PARAMETER_VALUE", "name"))
          .on(SUBMIT, _ -> FakeWorkspace.refusal(400, "INVALID_PARAMETER_VALUE", "task_key"))
          .on(CREATE, _ -> FakeWorkspace.refusal(400, "INVALID_PARAMETER_VALUE", "task_key"));

  @Test
  void aWorkspaceWithAllItsRightsHasNoFindingAndSaysWhichOneItIs() {
    WorkspaceReport report = inspect(Right.values());

    assertThat(report.identity()).isEqualTo("4711");
    assertThat(report.findings())
        .allMatch(finding -> finding.verdict() == Verdict.OK)
        .extracting(Finding::what)
        .containsExactly(
            "login",
            "start runs",
            "make jobs",
            "pool ml-small",
            "runtime",
            "make endpoints",
            "SQL warehouse portage");
    assertThat(report.findings().getFirst().text()).startsWith("ana@example.com at ");
  }

  @Test
  void inspectsOnlyWhatIsNeeded() {
    assertThat(inspect(Right.READ_REGISTRY).findings())
        .extracting(Finding::what)
        .containsExactly("login");
    assertThat(workspace.calls()).hasSize(1);
  }

  @Test
  @Tag("S1.19")
  void aWrongTokenIsOneFindingThatNamesWhereItIsKeptAndNeverTheToken() {
    workspace
        .token("very-secret-token")
        .on(ME, _ -> FakeWorkspace.refusal(401, "UNAUTHENTICATED", "bad very-secret-token"))
        .on(RUNTIMES, _ -> FakeWorkspace.refusal(401, "UNAUTHENTICATED", "bad very-secret-token"));

    WorkspaceReport report = inspect(Right.values());

    assertThat(report.identity()).isNull();
    assertThat(report.findings()).hasSize(1);
    Finding failed = report.findings().getFirst();
    assertThat(failed.verdict()).isEqualTo(Verdict.LACK);
    assertThat(failed.text()).contains("wrong or expired token: 401").doesNotContain("very-secret");
    assertThat(failed.remedy()).contains("put a valid one at env:DEV_TOKEN");
  }

  @Test
  @Tag("S1.19")
  void aTokenRefusedWith403IsAWrongTokenToo() {
    String body = "{\"error_code\":403,\"message\":\"Invalid access token. [ReqId: 1]\"}";
    workspace
        .on(ME, _ -> FakeWorkspace.json(403, body))
        .on(RUNTIMES, _ -> FakeWorkspace.json(403, body));

    Finding failed = lacks(inspect(Right.values())).getFirst();

    assertThat(failed.text()).contains("wrong or expired token: 403: Invalid access token.");
    assertThat(failed.remedy()).contains("put a valid one at env:DEV_TOKEN");
  }

  @Test
  @Tag("S1.14")
  @Tag("S1.16")
  void anIdentityWithoutAGitCredentialIsToldTheCommandThatGivesItOne() {
    workspace.on("GET /api/2.0/git-credentials", "{\"credentials\": []}");

    Finding found = finding("Git credential");

    assertThat(found.verdict()).isEqualTo(Verdict.NOTE);
    assertThat(found.text())
        .isEqualTo("ana@example.com has none, so its runs read only public repositories");
    assertThat(found.remedy())
        .startsWith("For ana@example.com: databricks git-credentials create --json @FILE")
        .contains("\"git_provider\": \"<provider>\"");

    workspace.on(ME, "{\"id\": \"77\", \"userName\": \"11111111-2222-3333-4444-555555555555\"}");
    assertThat(finding("Git credential").remedy())
        .startsWith("For a manager of the service principal: ")
        .contains("\"principal_id\": 77");

    workspace.on(
        "GET /api/2.0/git-credentials",
        "{\"credentials\": [{\"credential_id\": 1, \"git_provider\": \"gitHub\"}]}");
    assertThat(finding("Git credential").verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  @Tag("S1.14")
  void someoneElsesFolderForExperimentsNeedsAGrantOfTheirs() {
    workspace
        .experiments("/Workspace/Users/bo@example.com/models/{model}")
        .on(
            "GET /api/2.0/workspace/get-status",
            "{\"object_type\": \"DIRECTORY\", \"object_id\": 5}")
        .on(
            "GET /api/2.0/permissions/directories/5",
            _ -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "not yours"));

    Finding found = finding("experiments in /Users/bo@example.com/models");

    assertThat(found.verdict()).isEqualTo(Verdict.LACK);
    assertThat(found.remedy())
        .startsWith("For bo@example.com: databricks permissions update directories 5")
        .contains("\"user_name\":\"ana@example.com\",\"permission_level\":\"CAN_MANAGE\"")
        .contains("/Shared");

    workspace.on(
        "GET /api/2.0/workspace/get-status",
        _ -> FakeWorkspace.refusal(404, "RESOURCE_DOES_NOT_EXIST", "none"));
    assertThat(finding("experiments in /Users/bo@example.com/models").text())
        .contains("can't see it, or it doesn't exist");

    workspace.experiments("/Users/ana@example.com/{model}");
    assertThat(inspect(Right.values()).findings())
        .extracting(Finding::what)
        .noneMatch(what -> what.startsWith("experiments in"));
  }

  private Finding finding(String what) {
    return inspect(Right.values()).findings().stream()
        .filter(found -> found.what().equals(what))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aMissingRightOnJobsComesWithItsGrantAndNothingIsCreated() {
    workspace
        .on(SUBMIT, _ -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "not entitled"))
        .on(CREATE, _ -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "not entitled"));

    List<Finding> lacks = lacks(inspect(Right.RUN_JOBS, Right.MANAGE_JOBS));

    assertThat(lacks).extracting(Finding::what).containsExactly("start runs", "make jobs");
    assertThat(lacks.getFirst().text())
        .isEqualTo("ana@example.com may not start runs: 403 PERMISSION_DENIED: not entitled");
    assertThat(lacks.getFirst().remedy())
        .startsWith("For an admin of the workspace: databricks users patch 88 --json '")
        .contains("workspace-access")
        .contains("allow-cluster-create");
  }

  @Test
  void aProbeThatAWorkspaceAcceptsIsRemoved() {
    workspace
        .on(SUBMIT, "{\"run_id\": 5}")
        .on(CREATE, "{\"job_id\": 6}")
        .on("POST /api/2.2/jobs/runs/cancel", "{}")
        .on("POST /api/2.2/jobs/delete", "{}");

    assertThat(inspect(Right.RUN_JOBS, Right.MANAGE_JOBS).findings())
        .extracting(Finding::verdict)
        .contains(Verdict.NOTE)
        .doesNotContain(Verdict.LACK);
    assertThat(workspace.calls("POST /api/2.2/jobs/runs/cancel").getFirst().body().path("run_id"))
        .hasToString("5");
    assertThat(workspace.calls("POST /api/2.2/jobs/delete").getFirst().body().path("job_id"))
        .hasToString("6");
  }

  @Test
  @Tag("S1.21")
  void anUnknownPoolIsAFindingThatNamesTheRightOnes() {
    workspace.compute(ComputeSettings.ofPool("ml-smal"));

    Finding failed = lacks(inspect(Right.USE_POOL)).getFirst();

    assertThat(failed.what()).isEqualTo("pool ml-smal");
    assertThat(failed.text()).isEqualTo("there is no pool with that name; there is: ml-small");
    assertThat(failed.remedy()).contains("CAN_ATTACH_TO").contains("ana@example.com");
  }

  @Test
  void poolsThatTheLoginMayNotSeeAreAFinding() {
    workspace.on(
        "GET /api/2.0/instance-pools/list",
        _ -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "no pools for you"));

    Finding failed = lacks(inspect(Right.USE_POOL)).getFirst();

    assertThat(failed.text())
        .isEqualTo("list instance pools: 403 PERMISSION_DENIED: no pools for you");
  }

  @Test
  @Tag("S4.11")
  void aRuntimeThatIsNotOnOfferIsAFindingThatNamesThoseThatAre() {
    workspace.compute(ComputeSettings.ofPool("ml-small", "10.4.x-cpu-ml-scala2.12"));

    Finding failed = lacks(inspect(Right.RUN_JOBS)).getFirst();

    assertThat(failed.text()).isEqualTo("10.4.x-cpu-ml-scala2.12 is not offered");
    assertThat(failed.remedy()).contains("16.4.x-cpu-ml-scala2.12");
  }

  @Test
  void anUnknownWarehouseIsAFinding() {
    workspace.warehouse("nightly");

    assertThat(lacks(inspect(Right.QUERY_TABLES)).getFirst().text())
        .isEqualTo("there is no SQL warehouse with that name; there is: portage");
  }

  @Test
  void computeIsServerlessWithoutAPool() {
    workspace.compute(ComputeSettings.serverless());

    assertThat(inspect(Right.RUN_JOBS).findings())
        .extracting(Finding::text)
        .contains("serverless, since the platform file names no pool");
  }

  @Test
  void aHostThatIsNoWorkspaceIsAFinding() {
    workspace
        .on(ME, _ -> FakeWorkspace.refusal(404, "ENDPOINT_NOT_FOUND", "No API found"))
        .on(RUNTIMES, _ -> FakeWorkspace.refusal(404, "ENDPOINT_NOT_FOUND", "No API found"));

    assertThat(lacks(inspect(Right.RUN_JOBS)).getFirst().remedy())
        .contains("is the right Databricks workspace");
  }

  @Test
  void aWorkspaceThatHidesALoginsNameIsStillInspected() {
    workspace.on(ME, _ -> FakeWorkspace.refusal(404, "ENDPOINT_NOT_FOUND", "No API found"));

    WorkspaceReport report = inspect(Right.RUN_JOBS);

    assertThat(report.identity()).isEqualTo("4711");
    assertThat(lacks(report)).isEmpty();
  }

  @Test
  void aFailingWorkspaceIsAFailureAndNotAFinding() {
    workspace.on(SUBMIT, _ -> FakeWorkspace.refusal(503, "TEMPORARILY_UNAVAILABLE", "later"));

    assertThatThrownBy(() -> inspect(Right.RUN_JOBS))
        .hasMessageContaining("503 TEMPORARILY_UNAVAILABLE: later");
  }

  @Test
  void aServicePrincipalGetsAGrantForServicePrincipals() {
    Me principal = new Me("9", "01234567-89ab-cdef-0123-456789abcdef");

    assertThat(principal.grantEntitlements("workspace-access"))
        .startsWith("databricks service-principals patch 9 ");
    assertThat(principal.grantPermission("instance-pools", "p1", "CAN_ATTACH_TO"))
        .isEqualTo(
            "databricks permissions update instance-pools p1 --json"
                + " '{\"access_control_list\":[{\"service_principal_name\":"
                + "\"01234567-89ab-cdef-0123-456789abcdef\","
                + "\"permission_level\":\"CAN_ATTACH_TO\"}]}'");
  }

  @Test
  void anotherModelsJobThatScoresIntoTheSameTableIsTold() {
    workspace.on(
        "GET /api/2.2/jobs/list",
        "{\"jobs\":["
            + scoring(11, "churn", "models:/prod.ml.churn/3", "prod.ml.predictions")
            + ","
            + scoring(12, "risk", "models:/prod.ml.risk/7", "PROD.ml.predictions")
            + ","
            + scoring(13, "sales", "models:/prod.ml.sales/1", "prod.ml.sales_predictions")
            + "]}");

    assertThat(scoresInto("prod.ml.predictions"))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.verdict()).isEqualTo(Verdict.NOTE);
          assertThat(finding.text())
              .isEqualTo(
                  "job 12 (risk-batch) of model risk scores into it, too, so readers get the rows of"
                      + " both");
        });
    assertThat(
            workspace
                .calls("GET /api/2.2/jobs/list")
                .getLast()
                .url()
                .queryParameter("expand_tasks"))
        .isEqualTo("true");
    assertThat(scoresInto("prod.ml.others")).isEmpty();
  }

  private List<Finding> scoresInto(String table) {
    return new DatabricksInspection(workspace.clients())
            .inspect(
                WorkspaceNeeds.of("dev", List.of(Right.RUN_JOBS))
                    .model("prod.ml.churn")
                    .table(table)
                    .build())
            .findings()
            .stream()
            .filter(finding -> finding.what().startsWith("table "))
            .toList();
  }

  private static String scoring(long id, String model, String uri, String table) {
    return """
    {"job_id": %d, "settings": {"name": "%s-batch", "tags": {"portage_model": "%s"}, "tasks": [
      {"task_key": "score", "notebook_task": {"notebook_path": "score",
        "base_parameters": {"model_uri": "%s", "table": "%s"}}}]}}\
    """
        .formatted(id, model, model, uri, table);
  }

  private WorkspaceReport inspect(Right... rights) {
    return new DatabricksInspection(workspace.clients())
        .inspect(new WorkspaceNeeds("dev", null, null, List.of(rights)));
  }

  private static List<Finding> lacks(WorkspaceReport report) {
    return report.findings().stream().filter(finding -> finding.verdict() == Verdict.LACK).toList();
  }
}
