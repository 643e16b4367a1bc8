package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.connection.TemporalConnection;
import dev.portage.lane.LaneState;
import dev.portage.lane.TurnRequest;
import dev.portage.promotion.PromotionStart;
import dev.portage.sandbox.Commands.Result;
import dev.portage.sandbox.world.World;
import dev.portage.temporal.Queues;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped alert rules and dashboard, evaluated by a real Prometheus that scrapes the workers of
 * a real world, in which a promotion was released, one stopped, and nonsense was started.
 */
@Tag("S0.22")
@Tag("S2.35")
@OwnsTheWorld
class MonitoringIT {
  private static final Path ROOT = RealServers.root();
  private static final Path FILES = ROOT.resolve("deploy/monitoring");
  private static final Path PROGRAMS = ROOT.resolve(".portage/prometheus");

  /**
   * A worker has a dozen lines for each type of activity that it has run, 17 for each way in which
   * a step has ended, and 40 for each type of workflow. So how many there are depends on which
   * classes were in the world before: after nearly all of them two workers have 3,700, of 80 types
   * of activities. One label more would multiply them, and one with names of models would grow
   * without a bound.
   */
  private static final int MOST_SERIES = 4_000;

  @TempDir private Path folder;
  private final World world = TheWorld.world();
  private final ObjectMapper mapper = new ObjectMapper();

  @BeforeEach
  void withPrometheus() {
    assumeTrue(
        Files.isExecutable(PROGRAMS.resolve("prometheus")), "Prometheus, see build/prometheus");
  }

  @Test
  void everyPanelShowsSomethingAndEveryRuleIsEvaluated() throws Exception {
    assumeTrue(world.temporal().ui().isPresent(), "a real Temporal server, see build/temporal");
    Team team = Team.tiny("monitored");
    String promotion = team.commit("A model that is monitored");
    assertThat(team.start().code()).isEqualTo(4);
    Result end = releasedWithARetry(team, promotion);
    assertThat(end.code()).as(end.out()).isZero();

    try (TemporalConnection temporal =
            TemporalConnection.open(Map.of(), team.repository().folder());
        Prometheus prometheus = new Prometheus()) {
      WorkflowStub stopped = start(temporal, "PromotionWorkflow", wrongFile());
      WorkflowStub nonsense = start(temporal, "Nonsense", "nothing");
      askForATurnOfNobody(temporal);
      try {
        Map<String, String> panels = panels();
        assertThat(panels).hasSizeGreaterThan(25);
        Awaitility.await()
            .atMost(Duration.ofMinutes(3))
            .untilAsserted(() -> assertThat(empty(prometheus, panels)).isEmpty());

        // It is counted every ten seconds.
        Awaitility.await()
            .atMost(Duration.ofMinutes(3))
            .until(() -> prometheus.value("max(portage_stopped)") >= 1);
        assertThat(prometheus.value("sum(portage_promotions_ended_total{outcome=\"RELEASED\"})"))
            .isGreaterThanOrEqualTo(1);
        assertThat(prometheus.value("count(up{job=\"portage\"} == 1)")).isEqualTo(2);
        assertThat(prometheus.value("count({__name__=~\".+\",job=\"portage\"})"))
            .as(() -> "series of two workers, most of them of " + largest(prometheus))
            .isLessThan(MOST_SERIES);
        rulesAreHealthy(prometheus);
      } finally {
        stopped.cancel();
        nonsense.terminate("the test is over");
      }
    }
  }

  @Test
  void theRulesFireWhenTheyShould() throws Exception {
    Process test =
        new ProcessBuilder(
                PROGRAMS.resolve("promtool").toString(),
                "test",
                "rules",
                FILES.resolve("alerts.test.yaml").toString())
            .redirectErrorStream(true)
            .start();
    String says = new String(test.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(test.waitFor()).as(says).isZero();
  }

  /** One call to prod gets no answer, so an attempt fails. */
  private static Result releasedWithARetry(Team team, String promotion) {
    AtomicBoolean lost = new AtomicBoolean();
    TheWorld.gate("prod")
        .watch(call ->
            call.path().contains("/model-versions/") && !lost.getAndSet(true)
                ? Gate.Moment.BEFORE
                : Gate.Moment.NEVER);
    try {
      return team.approveAndWatch(promotion);
    } finally {
      TheWorld.gate("prod").watch(Gate.Watcher.NONE);
    }
  }

  private static PromotionStart wrongFile() {
    return PromotionStart.of("unwatched", "0123456789ab")
        .file("promotion.yaml", "model: unwatched\ntrian: t.py\n", "0".repeat(64))
        .startedBy("ana@example.com")
        .build();
  }

  private static WorkflowStub start(TemporalConnection temporal, String type, Object argument) {
    WorkflowStub stub =
        temporal
            .client()
            .newUntypedWorkflowStub(
                type,
                WorkflowOptions.newBuilder()
                    .setTaskQueue(Queues.PORTAGE)
                    .setWorkflowId(
                        argument instanceof PromotionStart start ? start.workflowId() : "nonsense")
                    .build());
    stub.start(argument);
    return stub;
  }

  /** A worker looks for a promotion that does not exist: a request to Temporal that fails. */
  private static void askForATurnOfNobody(TemporalConnection temporal) {
    TurnRequest request =
        new TurnRequest("prod", "unwatched", "promotion/unwatched/nobody", "prod-1", "no-run");
    temporal
        .client()
        .newUntypedWorkflowStub(
            "LaneWorkflow",
            WorkflowOptions.newBuilder()
                .setTaskQueue(Queues.PORTAGE)
                .setWorkflowId(request.laneId())
                .build())
        .signalWithStart("request", new Object[] {request}, new Object[] {LaneState.free()});
  }

  /** Queries of the dashboard that show nothing. */
  private static Map<String, String> empty(Prometheus prometheus, Map<String, String> panels)
      throws Exception {
    Map<String, String> empty = new TreeMap<>();
    for (Map.Entry<String, String> panel : panels.entrySet()) {
      if (prometheus.query(panel.getValue()).isEmpty()) {
        empty.put(panel.getKey(), panel.getValue());
      }
    }
    return empty;
  }

  /** Queries of the dashboard by the titles of their panels, with values for its variables. */
  private Map<String, String> panels() throws IOException {
    Map<String, String> queries = new TreeMap<>();
    JsonNode dashboard = mapper.readTree(FILES.resolve("dashboard.json").toFile());
    for (JsonNode panel : dashboard.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        queries.put(
            panel.path("title").asText() + " " + target.path("refId").asText(),
            target
                .path("expr")
                .asText()
                .replace("$__rate_interval", "5m")
                .replace("$__range", "1h")
                .replace("$job", ".*")
                .replace("$workspace", ".*"));
      }
    }
    Pattern values = Pattern.compile("label_values\\((\\w+), (\\w+)\\)");
    for (JsonNode variable : dashboard.path("templating").path("list")) {
      Matcher asked = values.matcher(variable.path("definition").asText());
      if (asked.matches()) {
        queries.put(
            "variable " + variable.path("name").asText(),
            asked.group(1) + "{" + asked.group(2) + "!=\"\"}");
      }
    }
    return queries;
  }

  /** The metrics with the most series, and how many each has. */
  private static String largest(Prometheus prometheus) {
    return prometheus
        .query("topk(12, count by (__name__) ({__name__=~\".+\",job=\"portage\"}))")
        .valueStream()
        .map(one -> one.at("/metric/__name__").asText() + " " + one.at("/value/1").asText())
        .collect(Collectors.joining(", "));
  }

  private static void rulesAreHealthy(Prometheus prometheus) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(() -> {
          JsonNode groups = prometheus.get("/api/v1/rules").at("/data/groups");
          assertThat(groups).isNotEmpty();
          for (JsonNode rule : groups.get(0).path("rules")) {
            assertThat(rule.path("health").asText())
                .as(rule.path("name").asText() + ": " + rule.path("lastError").asText())
                .isEqualTo("ok");
          }
        });
  }

  /** A Prometheus that scrapes both workers each second. */
  private final class Prometheus implements AutoCloseable {
    private final URI address;
    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();

    Prometheus() throws IOException {
      int port = freePort();
      address = URI.create("http://127.0.0.1:" + port);
      String targets =
          World.WORKSPACES.stream()
              .map(name -> "\"" + world.worker(name).health().getAuthority() + "\"")
              .collect(Collectors.joining(", "));
      Path config =
          Files.writeString(
              folder.resolve("prometheus.yml"),
              """
              global: { scrape_interval: 1s, evaluation_interval: 1s }
              rule_files: ["%s"]
              scrape_configs:
                - job_name: portage
                  static_configs: [{ targets: [%s] }]
              """
                  .formatted(FILES.resolve("alerts.yaml"), targets));
      process =
          new ProcessBuilder(
                  PROGRAMS.resolve("prometheus").toString(),
                  "--config.file=" + config,
                  "--storage.tsdb.path=" + folder.resolve("series"),
                  "--web.listen-address=127.0.0.1:" + port)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("prometheus.log").toFile())
              .start();
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .ignoreExceptions()
          .until(() -> query("up == 1").size() == World.WORKSPACES.size());
    }

    private static int freePort() throws IOException {
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      }
    }

    JsonNode query(String query) {
      JsonNode answer =
          get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
      assertThat(answer.path("status").asText())
          .as(query + ": " + answer.path("error").asText())
          .isEqualTo("success");
      return answer.at("/data/result");
    }

    double value(String query) {
      JsonNode result = query(query);
      return result.isEmpty() ? Double.NaN : result.get(0).at("/value/1").asDouble();
    }

    JsonNode get(String path) {
      try {
        return mapper.readTree(
            http.send(
                    HttpRequest.newBuilder(address.resolve(path)).build(),
                    HttpResponse.BodyHandlers.ofString())
                .body());
      } catch (IOException e) {
        throw new AssertionError(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
      http.close();
    }
  }
}
