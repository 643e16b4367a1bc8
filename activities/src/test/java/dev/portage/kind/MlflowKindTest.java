package dev.portage.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.document.Reading;
import dev.portage.failure.FailureKind;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.login.Credentials;
import dev.portage.platform.Platform;
import dev.portage.platform.Workspace;
import dev.portage.platform.WorkspaceAccess;
import dev.portage.platform.WorkspaceLogins;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import dev.portage.preflight.WorkspaceActivities;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.preflight.WorkspaceReport;
import dev.portage.secrets.KeyVault;
import dev.portage.secrets.Secrets;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bare MLflow server from the platform file, over HTTP. */
class MlflowKindTest {

  private static final String SEARCH = "GET /api/2.0/mlflow/registered-models/search";
  private static final String CREATE = "POST /api/2.0/mlflow/registered-models/create";
  private static final String BY_NAME = "GET /api/2.0/mlflow/experiments/get-by-name";
  private static final String RUNS_CREATE = "POST /api/2.0/mlflow/runs/create";
  private static final String NO_NAME =
      "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"Registered model name cannot be empty\"}";

  private final Map<String, String> environment =
      new HashMap<>(Map.of("DEV", "dev-token", "DEV_READER", "dev-reader", "PROD", "prod-token"));
  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private String login = "token: \"env:PROD\"";
  private Recorded dev;
  private Recorded prod;

  @BeforeEach
  void twoServers() throws IOException {
    dev = new Recorded();
    prod = new Recorded().on(SEARCH, 200, "{}").on(CREATE, 400, NO_NAME);
  }

  @AfterEach
  void close() {
    dev.close();
    prod.close();
    http.close();
  }

  @Test
  void aServerThatAcceptsTheLoginIsInspectedAndNotChanged() {
    WorkspaceReport report =
        inspect(
            new WorkspaceNeeds("prod", "churn", "/Shared/churn", List.of(Right.WRITE_REGISTRY)));

    assertThat(report.identity()).isEqualTo(prod.address() + "/");
    assertThat(report.findings())
        .containsExactly(
            Finding.ok(
                "workspace prod",
                "MLflow server",
                prod.address() + "/ responds, its registry is readable"),
            Finding.ok(
                "workspace prod",
                "registered model churn",
                "does not exist yet; the first promotion creates it"),
            Finding.ok("workspace prod", "write the registry", "the login may write to it"),
            Finding.ok(
                "workspace prod",
                "experiment /Shared/churn",
                "does not exist yet; the first promotion creates it"),
            Finding.ok(
                "workspace prod",
                "log /Shared/portage-history",
                "does not exist yet; the first entry creates it"));
    assertThat(prod.logins).containsOnly("Bearer prod-token");
    assertThat(prod.asked).filteredOn(call -> !call.startsWith("GET")).containsExactly(CREATE);
  }

  @Test
  void aMissingRightIsAFindingWithWhatTheServerSaid() {
    prod.on(CREATE, 403, "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"read only\"}");
    assertThat(besideTheLog(needs(Right.READ_REGISTRY, Right.WRITE_REGISTRY)))
        .last()
        .isEqualTo(
            Finding.failed(
                "workspace prod",
                "write the registry",
                "check write access to the registry: 403 PERMISSION_DENIED: read only",
                "Grant this login the permission."));
  }

  @Test
  void aWrongTokenIsAFindingThatDoesNotShowIt() {
    prod.on(SEARCH, 401, "no: prod-token");
    WorkspaceReport report = inspect(needs(Right.WRITE_REGISTRY));
    assertThat(report.identity()).isNull();
    assertThat(report.findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.LACK));
    assertThat(report.toString()).contains("401").doesNotContain("prod-token");
  }

  @Test
  void aDeletedExperimentIsAFinding() {
    prod.on(
        "GET /api/2.0/mlflow/experiments/get-by-name",
        200,
        "{\"experiment\":{\"experiment_id\":\"7\",\"name\":\"/x\",\"lifecycle_stage\":\"deleted\"}}");
    assertThat(inspect(new WorkspaceNeeds("prod", null, "/x", List.of())).findings())
        .last()
        .satisfies(finding ->
            assertThat(finding.remedy()).contains("mlflow experiments restore --experiment-id 7"));
  }

  @ParameterizedTest
  @CsvSource({
    "/srv/mlruns/7, no other machine can reach",
    "file:///srv/mlruns/7, scheme \"file\"",
    "hdfs://old/7, scheme \"hdfs\"",
    "mlflow-artifacts://models.example.org/7, on another server",
    "dbfs:/old/7, below dbfs:/databricks/mlflow-tracking only"
  })
  void anExperimentWithUnreachableArtifactsIsAFindingWithAWorkingRemedy(String root, String why) {
    prod.on(BY_NAME, 200, experiment(root)).on(RUNS_CREATE, 400, NO_NAME);

    Finding failed = besideTheLog(experimentOf("/x")).getLast();

    assertThat(failed.verdict()).isEqualTo(Verdict.LACK);
    assertThat(failed.what()).isEqualTo("artifacts of experiment /x");
    assertThat(failed.text()).startsWith("they are at " + root + ": ").contains(why);
    assertThat(failed.remedy())
        .contains("artifact location is permanent", "Name another experiment");
  }

  @Test
  void aStoreWithoutSignedUrlsIsDetectedByARunOfTheExperiment() {
    String run = "1".repeat(32);
    prod.on(BY_NAME, 200, experiment("s3://old/7"))
        .on(RUNS_CREATE, 400, NO_NAME)
        .on(
            "POST /api/2.0/mlflow/runs/search",
            200,
            "{\"runs\":[{\"info\":{\"run_id\":\""
                + run
                + "\",\"artifact_uri\":\"s3://old/7/"
                + run
                + "/artifacts\",\"lifecycle_stage\":\"active\"}}]}")
        .on(
            "GET /api/2.0/mlflow/runs/get",
            200,
            "{\"run\":{\"info\":{\"run_id\":\""
                + run
                + "\",\"artifact_uri\":\"s3://old/7/"
                + run
                + "/artifacts\"}}}")
        .on("POST /api/2.0/mlflow/artifacts/presigned-upload-url", 501, "{}");

    assertThat(besideTheLog(experimentOf("/x")).getLast().text())
        .contains("they are at s3://old/7", "signs no URLs");
  }

  @Test
  void anExperimentWithServedArtifactsHasNoFinding() {
    prod.on(BY_NAME, 200, experiment("mlflow-artifacts:/7"))
        .on(RUNS_CREATE, 400, NO_NAME)
        .on("GET /api/2.0/mlflow-artifacts/artifacts", 200, "{\"files\":[]}");

    assertThat(inspect(experimentOf("/x")).findings())
        .allSatisfy(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.OK));
    assertThat(prod.asked).doesNotContain("POST /api/2.0/mlflow/runs/delete");
  }

  @Test
  void anExperimentThatTheLoginMayOnlyReadIsAFinding() {
    // As MLflow's basic-auth answers: not in JSON.
    prod.on(BY_NAME, 200, experiment("mlflow-artifacts:/7"))
        .on("GET /api/2.0/mlflow-artifacts/artifacts", 200, "{\"files\":[]}")
        .on(RUNS_CREATE, 403, "Permission denied");

    assertThat(besideTheLog(experimentOf("/x")))
        .filteredOn(finding -> finding.verdict() == Verdict.LACK)
        .singleElement()
        .satisfies(failed ->
            assertThat(failed.text())
                .isEqualTo("check whether experiment /x may be written: 403: Permission denied"));
  }

  @Test
  void aNewExperimentThatMayBeUnreachableIsReported() {
    prod.on("GET /api/2.0/mlflow/experiments/get", 200, experiment("/srv/mlruns/0"));

    Finding note = besideTheLog(experimentOf("/x")).getLast();

    assertThat(note.verdict()).isEqualTo(Verdict.NOTE);
    assertThat(note.text()).contains("at /srv/mlruns/0, no copy can reach them");
  }

  @Test
  void aServerWithUserAndPasswordIsLoggedInToByBoth() {
    login = "user: \"env:MLFLOW_USER\", password: \"env:MLFLOW_PASSWORD\"";
    environment.put("MLFLOW_USER", "portage");
    environment.put("MLFLOW_PASSWORD", "grüne: Wiese");

    assertThat(inspect(needs(Right.WRITE_REGISTRY)).identity()).isNotNull();

    String pair = "portage:grüne: Wiese";
    assertThat(prod.logins)
        .containsOnly(
            "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aRefusedPasswordIsAFindingThatSaysWhereItIsKeptAndShowsNothing() {
    login = "user: \"env:MLFLOW_USER\", password: \"env:MLFLOW_PASSWORD\"";
    environment.put("MLFLOW_USER", "portage");
    environment.put("MLFLOW_PASSWORD", "hunter22");
    prod.on(SEARCH, 401, "You are not authenticated with hunter22 (cG9ydGFnZTpodW50ZXIyMg==)");

    WorkspaceReport report = inspect(needs(Right.WRITE_REGISTRY));

    assertThat(report.findings())
        .singleElement()
        .satisfies(failed ->
            assertThat(failed.remedy())
                .isEqualTo(
                    "The login was refused: put a user and password that the server knows at env:MLFLOW_USER and env:MLFLOW_PASSWORD."));
    assertThat(report.toString()).doesNotContain("hunter22", "cG9ydGFnZTpodW50ZXIyMg");
  }

  @Test
  void aMissingPasswordIsAFindingAtItsLineAndNothingIsAsked() {
    login = "user: \"env:MLFLOW_USER\", password: \"env:MLFLOW_PASSWORD\"";
    environment.put("MLFLOW_USER", "portage");

    assertThat(inspect(needs(Right.WRITE_REGISTRY)).findings())
        .singleElement()
        .satisfies(
            failed -> assertThat(failed.text()).contains("read the secret env:MLFLOW_PASSWORD"));
    assertThat(prod.asked).isEmpty();
  }

  @Test
  void aServerThatRequiresAMissingLoginLeadsToWhatToAdd() {
    login = "marking: aliases";
    prod.on(SEARCH, 401, "You are not authenticated.");

    assertThat(inspect(needs(Right.WRITE_REGISTRY)).findings().getFirst().remedy())
        .contains("The server requires a login: give workspace prod", "user and password");
  }

  private static WorkspaceNeeds experimentOf(String name) {
    return new WorkspaceNeeds("prod", null, name, List.of(Right.WRITE_REGISTRY));
  }

  private static String experiment(String root) {
    return "{\"experiment\":{\"experiment_id\":\"7\",\"name\":\"/x\",\"lifecycle_stage\":\"active\","
        + "\"artifact_location\":\""
        + root
        + "\"}}";
  }

  @Test
  void aMissingSecretIsAFindingAtItsLineAndNothingIsAsked() {
    environment.remove("PROD");
    assertThat(inspect(needs(Right.WRITE_REGISTRY)).findings())
        .containsExactly(
            Finding.failed(
                "portage.yaml:3",
                "login of workspace prod",
                "read the secret env:PROD: the environment variable PROD is not set where the"
                    + " worker runs",
                "Set it and restart the worker."));
    assertThat(prod.asked).isEmpty();
  }

  @Test
  void aMissingSecretOfTheWorkspaceToCopyFromIsAFindingBesideTheOthers() {
    environment.remove("DEV_READER");
    Finding missing =
        Finding.failed(
            "portage.yaml:2",
            "login to copy from dev to prod",
            "read the secret env:DEV_READER: the environment variable DEV_READER is not set where"
                + " the worker runs",
            "Set it and restart the worker.");

    assertThat(inspect(needs(Right.READ_REGISTRY)).findings())
        .extracting(Finding::verdict)
        .containsExactly(Verdict.LACK, Verdict.OK);
    assertThat(inspect(needs(Right.READ_REGISTRY)).findings()).first().isEqualTo(missing);
    assertThat(inspect(WorkspaceNeeds.of("prod", List.of()).copiesFrom("dev").build()).findings())
        .first()
        .isEqualTo(missing);
  }

  @Test
  void copiesMayComeFromAnotherWorkspaceThanThePlatformsPathSays() {
    environment.remove("DEV_READER");
    assertThat(inspect(WorkspaceNeeds.of("prod", List.of()).copiesFrom("prod").build()).findings())
        .extracting(Finding::verdict)
        .containsExactly(Verdict.OK);
  }

  @Test
  void theDoctorLearnsThatThisKindRunsNoJobs() {
    assertThat(inspect(needs(Right.values())).findings())
        .first()
        .isEqualTo(
            new Finding(
                "portage.yaml:3",
                "kind of workspace prod",
                Verdict.NOTE,
                "mlflow has registry and artifacts, and runs no jobs",
                null));
  }

  @Test
  void aServerThatDoesNotAnswerIsARetryableFailure() {
    prod.close();
    ApplicationFailure failure =
        catchThrowableOfType(ApplicationFailure.class, () -> inspect(needs(Right.READ_REGISTRY)));
    assertThat(failure.getType()).isEqualTo(FailureKind.PLATFORM.type());
    assertThat(failure).hasMessageContaining(prod.address());
  }

  @Test
  void aCopyReadsItsSourceWithTheReadOnlyLogin() {
    PlatformServers servers = new PlatformServers(connections());
    assertThat(servers.readerOf("dev").experiments().named("/x")).isEmpty();
    assertThat(dev.logins).containsExactly("Bearer dev-reader");
    assertThat(catchThrowableOfType(ApplicationFailure.class, () -> servers.of("dev")))
        .hasMessageContaining("this worker serves prod alone");
  }

  @Test
  void pagesAreWhereThePlatformFileSays() {
    PlatformServers servers = new PlatformServers(connections());
    assertThat(servers.of("prod").pages().run("1", "r"))
        .hasToString("https://models.example.com/#/experiments/1/runs/r");
    assertThat(servers.readerOf("dev").pages().run("1", "r"))
        .hasToString(dev.address() + "/#/experiments/1/runs/r");
  }

  private static WorkspaceNeeds needs(Right... rights) {
    return new WorkspaceNeeds("prod", null, null, List.of(rights));
  }

  /** The log is an experiment as well, with findings of its own. */
  private List<Finding> besideTheLog(WorkspaceNeeds needs) {
    return inspect(needs).findings().stream()
        .filter(finding -> !finding.what().startsWith("log "))
        .toList();
  }

  private WorkspaceReport inspect(WorkspaceNeeds needs) {
    WorkspaceAccess access = connections();
    Workspace workspace = access.logins().workspace(needs.workspace());
    return workspace.kind().activities(workspace, access).stream()
        .filter(WorkspaceActivities.class::isInstance)
        .map(WorkspaceActivities.class::cast)
        .findFirst()
        .orElseThrow()
        .inspect(needs);
  }

  private WorkspaceAccess connections() {
    String text =
        """
        workspaces:
          dev:  { mlflow: "%s", token: "env:DEV", reader: "env:DEV_READER" }
          prod: { mlflow: "%s", %s, ui: "https://models.example.com" }
        identity: claimed
        """
            .formatted(dev.address(), prod.address(), login);
    Reading<Platform> reading = Platform.read("portage.yaml", text, KnownKinds.all());
    Platform platform = ((Reading.Good<Platform>) reading).value();
    Secrets secrets = new Secrets(Path.of(""), environment::get, KeyVault.absent());
    return new WorkspaceAccess(
        new WorkspaceLogins(() -> platform, new Credentials(secrets, http), Set.of("prod")), http);
  }
}
