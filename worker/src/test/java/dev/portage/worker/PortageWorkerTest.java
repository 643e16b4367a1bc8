package dev.portage.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.preflight.Finding;
import dev.portage.preflight.PreflightOrder;
import dev.portage.preflight.PreflightReport;
import dev.portage.preflight.PreflightWorkflow;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceReport;
import dev.portage.promotion.PromotionStart;
import dev.portage.settings.SettingsOrder;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.Queues;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class PortageWorkerTest {

  @TempDir Path folder;
  @AutoClose private TestTemporal temporal;
  private WorkerSettings settings;

  @BeforeEach
  void temporalAndAPlatformFile() throws IOException {
    temporal = new TestTemporal();
    settings =
        WorkerSettings.of(temporal.environment())
            .withPlatformFile(TestPlatform.write(folder))
            .withStopTimeout(Duration.ofSeconds(1));
  }

  @Test
  void aWorkerReportsWhatItServesAndWhereToLook() throws Exception {
    try (PortageWorker worker = PortageWorker.start(settings)) {
      assertThat(worker.readyLine())
          .isEqualTo(
              "portage worker ready: workspaces dev, prod · temporal "
                  + temporal.address()
                  + " · "
                  + worker.address()
                  + "/health");
      assertThat(worker.address().getHost()).isEqualTo("127.0.0.1");

      HttpResponse<String> health = get(worker, "/health");
      assertThat(health.statusCode()).isEqualTo(200);
      JsonNode json = new ObjectMapper().readTree(health.body());
      assertThat(json.path("status").asText()).isEqualTo("up");
      assertThat(json.path("temporal").asText()).isEqualTo(temporal.address());
      assertThat(json.path("workspaces").toString()).isEqualTo("[\"dev\",\"prod\"]");
      assertThat(get(worker, "/health/more").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void healthIsDownWithoutTemporal() throws Exception {
    try (PortageWorker worker = PortageWorker.start(settings)) {
      temporal.close();
      HttpResponse<String> health = get(worker, "/health");
      assertThat(health.statusCode()).isEqualTo(503);
      assertThat(health.body()).contains("\"status\":\"down\"", "Temporal is not responding");
    }
  }

  @Test
  void itRunsWorkflowsAndCountsThem() throws Exception {
    try (PortageWorker worker = PortageWorker.start(settings)) {
      PreflightReport report =
          preflight(new PreflightOrder(order("model: churn\ntrian: t.py\n"), null, null, null));

      assertThat(report.passed()).isFalse();
      assertThat(report.findings())
          .containsExactly(
              Finding.failed(
                  "promotion.yaml:2",
                  "the file",
                  "unknown key \"trian\"; did you mean \"train\"? allowed: model, registered-as, experiment, check,"
                      + " train, choose, gates, evaluate, rehearse, batch, verify, concurrency, serve, path",
                  "Correct it, commit, then check again: portage plan promotion.yaml"));
      String metrics = metricsWith(worker, "temporal_workflow_completed_total");
      assertThat(metrics)
          .contains("temporal_local_activity_execution_failed_total", "jvm_memory_used_bytes")
          .contains("portage_waiting NaN", "portage_stopped NaN", "portage_moving_traffic NaN");
    }
  }

  @Test
  void aWorkerOfOneWorkspaceTakesNoWorkOfAnotherAndReportsWhatItLacksByFileAndLine() {
    try (PortageWorker _ = PortageWorker.start(settings.withWorkspaces(List.of("prod")))) {
      assertThat(look("prod"))
          .isEqualTo(
              new WorkspaceReport(
                  "prod",
                  null,
                  List.of(
                      Finding.failed(
                          platform() + ":7",
                          "login of workspace prod",
                          "read the secret file:prod.token: no file "
                              + folder.resolve("prod.token"),
                          "Write the login into that file, on one line, readable only by the worker."))));
      assertThat(catchThrowableOfType(WorkflowFailedException.class, () -> look("dev")))
          .hasStackTraceContaining("TIMEOUT_TYPE_SCHEDULE_TO_START");
    }
  }

  @Test
  void anUnreadablePayloadEndsTheWorkflowInsteadOfBlockingIt() {
    try (PortageWorker _ = PortageWorker.start(settings)) {
      WorkflowStub stub =
          client()
              .newUntypedWorkflowStub(
                  "PreflightWorkflow",
                  WorkflowOptions.newBuilder()
                      .setTaskQueue(Queues.PORTAGE)
                      .setWorkflowExecutionTimeout(Duration.ofSeconds(20))
                      .build());
      stub.start("not an order");
      WorkflowFailedException failed =
          catchThrowableOfType(WorkflowFailedException.class, () -> stub.getResult(String.class));
      assertThat(failed.getWorkflowCloseEventType().name())
          .isEqualTo("EVENT_TYPE_WORKFLOW_EXECUTION_FAILED");
    }
  }

  @Test
  void promotionsAndTheirStepsAreCounted() throws Exception {
    try (PortageWorker worker = PortageWorker.start(settings)) {
      temporal.registerSearchAttributes();
      WorkflowClient client = client();
      PromotionStart start = startOf("model: churn\ntrian: t.py\n");
      WorkflowStub stub =
          client.newUntypedWorkflowStub(
              "PromotionWorkflow",
              WorkflowOptions.newBuilder()
                  .setTaskQueue(Queues.PORTAGE)
                  .setWorkflowId(start.workflowId())
                  .build());
      stub.start(start);
      metricsWith(worker, "portage_step_seconds_count\\{outcome=\"FAILED\",step=\"prepare\",.*} 1");

      stub.cancel();

      // The test server may skip the 14 days of waiting before the cancel reaches it. Where both
      // come at once, the last workflow task is executed twice, and counts twice.
      metricsWith(
          worker, "portage_promotions_ended_total\\{outcome=\"(CANCELLED|FAILED)\"} [12]\\.0$");
      metricsWith(worker, "portage_promotions_started_total 1");
    }
  }

  private static PromotionStart startOf(String file) {
    return PromotionStart.of("churn", "0123456789ab")
        .file("promotion.yaml", file, "0".repeat(64))
        .startedBy("ana@example.com")
        .build();
  }

  @Test
  void aWrongPlatformFileIsReportedLineByLine() throws IOException {
    Files.writeString(
        platform(),
        Files.readString(platform()).replace("pool:", "polo:").replace("file:prod", "x"));
    assertThat(refused(settings).lines())
        .containsExactly(
            platform()
                + ":6: unknown key \"polo\" in workspaces.dev; did you mean \"pool\"? allowed: kind,"
                + " host, mlflow, ui, login, token, user, password, reader, reader-user, reader-password,"
                + " models, verify, allow-triggers, concurrency, transfers, marking, pool,"
                + " warehouse, tables, runtime, compute, experiments, jobs, endpoints",
            platform()
                + ":9: workspaces.prod.token is set to something, which is not a valid secret reference;"
                + " allowed: env:NAME, file:PATH or keyvault:VAULT/NAME[/VERSION]; never the secret"
                + " itself");
  }

  @Test
  void anUnknownWorkspaceIsReportedWithTheKnownOnes() {
    WorkerRefused refused = refused(settings.withWorkspaces(List.of("prd")));
    assertThat(refused.isUsageError()).isTrue();
    assertThat(refused.lines())
        .containsExactly(
            "unknown workspace \"prd\"; did you mean \"prod\"? " + platform() + " has: dev, prod");
  }

  @Test
  void aTakenPortIsReported() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, settings.bind())) {
      WorkerRefused refused = refused(settings.withAddress(settings.bind(), taken.getLocalPort()));
      assertThat(refused.isUsageError()).isFalse();
      assertThat(refused.getMessage())
          .startsWith("port " + taken.getLocalPort() + " of 127.0.0.1 is not available")
          .endsWith("Choose another with --port; 0 picks a free one.");
    }
  }

  @Test
  void anUnreachableTemporalIsReported() {
    temporal.close();
    assertThat(refused(settings).getMessage())
        .isEqualTo(
            "Temporal at "
                + temporal.address()
                + " is not responding (UNAVAILABLE). Start it, or set TEMPORAL_ADDRESS to another one.");
  }

  @Test
  void aBrokenTemporalConfigurationIsReportedWithoutShowingIt() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("temporal.toml"), "[profile.default]\napi_key = \"s3cret\n");
    Map<String, String> environment = new HashMap<>();
    environment.put("TEMPORAL_CONFIG_FILE", config.toString());
    WorkerRefused refused = refused(WorkerSettings.of(environment).withPlatformFile(platform()));
    assertThat(refused.getMessage())
        .startsWith("Temporal's configuration (TEMPORAL_* variables and the file they name) can't")
        .doesNotContain("s3cret");
    assertThat(refused.getCause()).isNull();
  }

  @Test
  void aClosedWorkerLeavesNothingBehind() throws Exception {
    PortageWorker worker = PortageWorker.start(settings);
    URI address = worker.address();
    worker.close();
    worker.close();
    try (ServerSocket again = new ServerSocket(address.getPort(), 1, settings.bind())) {
      assertThat(again.isBound()).isTrue();
    }
  }

  private Path platform() {
    return folder.resolve("portage.yaml");
  }

  private static WorkerRefused refused(WorkerSettings settings) {
    return catchThrowableOfType(WorkerRefused.class, () -> PortageWorker.start(settings).close());
  }

  private static SettingsOrder order(String text) {
    return new SettingsOrder("promotion.yaml", text, List.of());
  }

  private PreflightReport preflight(PreflightOrder order) {
    return client()
        .newWorkflowStub(
            PreflightWorkflow.class,
            WorkflowOptions.newBuilder()
                .setTaskQueue(Queues.PORTAGE)
                .setWorkflowId("preflight/churn/1")
                .build())
        .check(order);
  }

  private WorkspaceReport look(String workspace) {
    WorkflowClient client = client();
    WorkerFactory factory = WorkerFactory.newInstance(client);
    factory.newWorker("look").registerWorkflowImplementationTypes(LookAround.Impl.class);
    factory.start();
    try {
      return client
          .newWorkflowStub(
              LookAround.class, WorkflowOptions.newBuilder().setTaskQueue("look").build())
          .look(new WorkspaceNeeds(workspace, null, null, List.of()));
    } finally {
      factory.shutdownNow();
    }
  }

  private WorkflowClient client() {
    WorkflowServiceStubs stubs =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(temporal.address()).build());
    return WorkflowClient.newInstance(
        stubs,
        WorkflowClientOptions.newBuilder().setDataConverter(Payloads.dataConverter()).build());
  }

  /** The metrics, once they have a line; the SDK reports its own once a second. */
  private static String metricsWith(PortageWorker worker, String line) throws Exception {
    Pattern wanted = Pattern.compile("(?m)^" + line);
    long until = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    String text = get(worker, "/metrics").body();
    while (!wanted.matcher(text).find() && System.nanoTime() < until) {
      Thread.sleep(100);
      text = get(worker, "/metrics").body();
    }
    assertThat(text).containsPattern(wanted);
    return text;
  }

  private static HttpResponse<String> get(PortageWorker worker, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(worker.address() + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
