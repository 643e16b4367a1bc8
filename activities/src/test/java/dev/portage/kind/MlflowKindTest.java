package dev.portage.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.document.Reading;
import dev.portage.failure.FailureKind;
import dev.portage.http.HttpWayOut;
import dev.portage.http.NetworkSettings;
import dev.portage.platform.Connections;
import dev.portage.platform.Platform;
import dev.portage.platform.Workspace;
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
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bare MLflow server of the platform file, looked at over HTTP. */
class MlflowKindTest {

  private static final String SEARCH = "GET /api/2.0/mlflow/registered-models/search";
  private static final String CREATE = "POST /api/2.0/mlflow/registered-models/create";
  private static final String NO_NAME =
      "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"Registered model name cannot be empty\"}";

  private final Map<String, String> environment =
      new HashMap<>(Map.of("DEV", "dev-token", "DEV_READER", "dev-reader", "PROD", "prod-token"));
  private final HttpWayOut http = HttpWayOut.open(NetworkSettings.direct());
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
  void aServerThatLetsUsInIsLookedAtAndNotChanged() {
    WorkspaceReport report =
        inspect(
            new WorkspaceNeeds("prod", "churn", "/Shared/churn", List.of(Right.WRITE_REGISTRY)));

    assertThat(report.identity()).isEqualTo(prod.address() + "/");
    assertThat(report.findings())
        .containsExactly(
            Finding.ok(
                "workspace prod",
                "MLflow server",
                prod.address() + "/ answers, its registry can be read"),
            Finding.ok(
                "workspace prod",
                "registered model churn",
                "is not there yet; the first promotion makes it"),
            Finding.ok(
                "workspace prod",
                "experiment /Shared/churn",
                "is not there yet; the first promotion makes it"),
            Finding.ok("workspace prod", "write the registry", "the login may write it"));
    assertThat(prod.logins).containsOnly("Bearer prod-token");
    assertThat(prod.asked).filteredOn(call -> !call.startsWith("GET")).containsExactly(CREATE);
  }

  @Test
  void aMissingRightIsALackWithWhatTheServerSaid() {
    prod.on(CREATE, 403, "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"read only\"}");
    assertThat(inspect(needs(Right.READ_REGISTRY, Right.WRITE_REGISTRY)).findings())
        .last()
        .isEqualTo(
            Finding.lack(
                "workspace prod",
                "write the registry",
                "look whether the registry may be written: 403 PERMISSION_DENIED: read only",
                "Have the right granted to this login."));
  }

  @Test
  void aWrongTokenIsALackThatDoesNotShowIt() {
    prod.on(SEARCH, 401, "no: prod-token");
    WorkspaceReport report = inspect(needs(Right.WRITE_REGISTRY));
    assertThat(report.identity()).isNull();
    assertThat(report.findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.LACK));
    assertThat(report.toString()).contains("401").doesNotContain("prod-token");
  }

  @Test
  void aDeletedExperimentIsALack() {
    prod.on(
        "GET /api/2.0/mlflow/experiments/get-by-name",
        200,
        "{\"experiment\":{\"experiment_id\":\"7\",\"name\":\"/x\",\"lifecycle_stage\":\"deleted\"}}");
    assertThat(inspect(new WorkspaceNeeds("prod", null, "/x", List.of())).findings())
        .last()
        .satisfies(finding ->
            assertThat(finding.remedy()).contains("mlflow experiments restore --experiment-id 7"));
  }

  @Test
  void aMissingSecretIsALackAtItsLineAndNothingIsAsked() {
    environment.remove("PROD");
    assertThat(inspect(needs(Right.WRITE_REGISTRY)).findings())
        .containsExactly(
            Finding.lack(
                "portage.yaml:3",
                "login of workspace prod",
                "read the secret env:PROD: the environment variable PROD is not set where the"
                    + " worker runs",
                "Set it and start the worker again."));
    assertThat(prod.asked).isEmpty();
  }

  @Test
  void theDoctorIsToldThatThisKindRunsNoJobs() {
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
  void aServerThatDoesNotAnswerIsAFailureToBeTriedAgain() {
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

  private WorkspaceReport inspect(WorkspaceNeeds needs) {
    Connections connections = connections();
    Workspace workspace = connections.logins().workspace(needs.workspace());
    return workspace.kind().activities(workspace, connections).stream()
        .filter(WorkspaceActivities.class::isInstance)
        .map(WorkspaceActivities.class::cast)
        .findFirst()
        .orElseThrow()
        .inspect(needs);
  }

  private Connections connections() {
    String text =
        """
        workspaces:
          dev:  { mlflow: "%s", token: "env:DEV", reader: "env:DEV_READER" }
          prod: { mlflow: "%s", token: "env:PROD", ui: "https://models.example.com" }
        identity: claimed
        """
            .formatted(dev.address(), prod.address());
    Reading<Platform> reading = Platform.read("portage.yaml", text, KnownKinds.all());
    Platform platform = ((Reading.Good<Platform>) reading).value();
    Secrets secrets = new Secrets(Path.of(""), environment::get, KeyVault.absent());
    return new Connections(new WorkspaceLogins(() -> platform, secrets, Set.of("prod")), http);
  }
}
