package dev.portage.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.document.Reading;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.login.Credentials;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.RealMlflow;
import dev.portage.mlflow.RegisteredVersion;
import dev.portage.mlflow.Run;
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
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactStore;
import dev.portage.store.tracking.ArtifactStores;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real MLflow server with its own users and passwords, where everyone may read. */
class UsersIT {

  private static final String ADMIN = "admin: the first of all";
  private static final String PASSWORD = "green meadow: 7";
  private static final String BEYOND_ASCII = "gr\u00fcne Wiese: 7";

  @TempDir static Path folder;
  private static @Nullable RealMlflow started;
  private static @Nullable OutboundHttp http;

  private final Map<String, String> environment =
      new HashMap<>(Map.of("MLFLOW_USER", "portage", "MLFLOW_PASSWORD", PASSWORD));

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    started = RealMlflow.withUsers(folder, ADMIN);
    http = OutboundHttp.open(NetworkSettings.direct());
    create("portage", PASSWORD);
    create("guest", PASSWORD);
    create("jana", BEYOND_ASCII);
  }

  @AfterAll
  static void stop() {
    // Both are null if the test was skipped.
    if (http != null) {
      http.close();
    }
    if (started != null) {
      started.close();
    }
  }

  @Test
  void whoLogsInWithUserAndPasswordReadsAndWrites() {
    MlflowServer server = server();
    Run run = run(server, "/portage");
    server.runs().tag(run.id(), Map.of("portage_key", "k1"));
    ArtifactStore store = ArtifactStores.standard().at(server, run.artifactUri() + "/model");
    byte[] text = "flavors: {}\n".getBytes(StandardCharsets.UTF_8);
    store.write("MLmodel", text.length, Body.of(text));
    server.registeredModels().ensure("churn");
    server.runs().end(run.id(), "FINISHED", null);

    assertThat(server.runs().get(run.id()).tags()).containsEntry("portage_key", "k1");
    assertThat(server.runs().artifacts(run.id(), "model")).contains("MLmodel");
    assertThat(server.registeredModels().versions("churn"))
        .extracting(RegisteredVersion::version)
        .isEmpty();
    WorkspaceReport report = inspect("churn", "/portage");
    assertThat(report.findings())
        .as("%s", report.findings())
        .noneMatch(finding -> finding.verdict() == Verdict.LACK);
  }

  @Test
  void aWrongPasswordIsAFindingThatSaysWhereItIsKept() {
    environment.put("MLFLOW_PASSWORD", "hunter22");

    WorkspaceReport report = inspect("churn", null);

    assertThat(report.findings())
        .singleElement()
        .satisfies(failed -> {
          assertThat(failed.verdict()).isEqualTo(Verdict.LACK);
          assertThat(failed.remedy()).contains("env:MLFLOW_USER and env:MLFLOW_PASSWORD");
        });
    assertThat(report.toString()).doesNotContain("hunter22");
  }

  @Test
  void aPasswordThatMlflowAcceptsForRunsButNotForFilesIsNotedBefore() {
    environment.put("MLFLOW_USER", "jana");
    environment.put("MLFLOW_PASSWORD", BEYOND_ASCII);

    WorkspaceReport report = inspect(null, null);

    assertThat(report.findings())
        .filteredOn(finding -> finding.verdict() == Verdict.NOTE)
        .singleElement()
        .extracting(Finding::text)
        .asString()
        .contains("not ASCII");
    assertThat(report.toString()).doesNotContain(BEYOND_ASCII);
    MlflowServer server = server();
    Run run = run(server, "/jana");
    ArtifactStore store = ArtifactStores.standard().at(server, run.artifactUri() + "/model");
    assertThat(
            catchThrowableOfType(
                ApplicationFailure.class, () -> store.write("MLmodel", 1, Body.of(new byte[] {1}))))
        .hasMessageContaining("401");
  }

  @Test
  void aReadOnlyLoginIsReportedBeforehandAndWhenACallFails() {
    Run run = run(server(), "/theirs");
    environment.put("MLFLOW_USER", "guest");

    assertThat(inspect(null, "/theirs").findings())
        .filteredOn(finding -> finding.verdict() == Verdict.LACK)
        .singleElement()
        .extracting(Finding::text)
        .asString()
        .contains("experiment /theirs may be written: 403");
    assertThat(server().runs().get(run.id()).id()).isEqualTo(run.id());

    ApplicationFailure failure =
        catchThrowableOfType(
            ApplicationFailure.class, () -> server().runs().tag(run.id(), Map.of("a", "b")));
    assertThat(failure.getType()).isEqualTo(FailureKind.USER.type());
    Problem problem = failure.getDetails().get(Problem.class);
    assertThat(problem.cameBack()).contains("403", "Permission denied");
    assertThat(problem.remedy()).contains("Grant this login the permission");
  }

  private static URI url() {
    return Objects.requireNonNull(started).url();
  }

  private static Run run(MlflowServer server, String experiment) {
    return server
        .runs()
        .create(
            server.experiments().namedOrNew(experiment).id(),
            "train",
            1_700_000_000_000L,
            Map.of());
  }

  private static void create(String user, String password)
      throws IOException, InterruptedException {
    String login =
        Base64.getEncoder().encodeToString(("admin:" + ADMIN).getBytes(StandardCharsets.UTF_8));
    String body = "{\"username\":\"" + user + "\",\"password\":\"" + password + "\"}";
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(url().resolve("/api/2.0/mlflow/users/create"))
                  .header("Authorization", "Basic " + login)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
  }

  private MlflowServer server() {
    return new PlatformServers(connections()).of("prod");
  }

  private WorkspaceReport inspect(@Nullable String model, @Nullable String experiment) {
    WorkspaceAccess access = connections();
    Workspace workspace = access.logins().workspace("prod");
    return workspace.kind().activities(workspace, access).stream()
        .filter(WorkspaceActivities.class::isInstance)
        .map(WorkspaceActivities.class::cast)
        .findFirst()
        .orElseThrow()
        .inspect(
            new WorkspaceNeeds(
                "prod", model, experiment, List.of(Right.READ_REGISTRY, Right.WRITE_REGISTRY)));
  }

  private WorkspaceAccess connections() {
    String text =
        """
        workspaces:
          dev:  { mlflow: "http://127.0.0.1:9" }
          prod: { mlflow: "%s", user: "env:MLFLOW_USER", password: "env:MLFLOW_PASSWORD" }
        identity: claimed
        """
            .formatted(url());
    Reading<Platform> reading = Platform.read("portage.yaml", text, KnownKinds.all());
    Platform platform = ((Reading.Good<Platform>) reading).value();
    Secrets secrets = new Secrets(Path.of(""), environment::get, KeyVault.absent());
    return new WorkspaceAccess(
        new WorkspaceLogins(
            () -> platform, new Credentials(secrets, Objects.requireNonNull(http)), Set.of("prod")),
        Objects.requireNonNull(http));
  }
}
