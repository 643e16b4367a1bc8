package dev.portage.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.preflight.PreflightOrder;
import dev.portage.preflight.PreflightWorkflow;
import dev.portage.promotion.PromotionStart;
import dev.portage.promotion.PromotionState;
import dev.portage.settings.SettingsOrder;
import dev.portage.temporal.Payloads;
import dev.portage.temporal.Queues;
import dev.portage.worker.MonitoringQueries.Selector;
import dev.portage.worker.Scraped.Series;
import io.grpc.Status;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every metric and label that the shipped alert rules and dashboard name is one that a running
 * worker serves. MonitoringIT lets a real Prometheus evaluate them.
 */
@Tag("S0.22")
@Tag("S2.35")
@Timeout(120)
class MonitoringFilesTest {

  /** What Prometheus itself adds. */
  private static final Set<String> PROMETHEUS_METRICS = Set.of("up");

  private static final Set<String> PROMETHEUS_LABELS = Set.of("job", "instance");

  /** Values of labels that a short run need not bring. */
  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          "outcome",
          Stream.concat(Arrays.stream(PromotionState.values()).map(Enum::name), Stream.of("DONE"))
              .collect(Collectors.toSet()),
          "step",
          Set.of("approve", "turn"),
          "status_code",
          Arrays.stream(Status.Code.values()).map(Enum::name).collect(Collectors.toSet()));

  @TempDir Path folder;

  @Test
  void eachQueryIsAboutWhatAWorkerServes() throws Exception {
    Scraped scraped = scrapeOfABusyWorker();
    Map<String, String> queries = new TreeMap<>(MonitoringQueries.alerts());
    queries.putAll(MonitoringQueries.panels());
    assertThat(queries).hasSizeGreaterThan(40);

    List<String> wrong = new ArrayList<>();
    queries.forEach((name, query) -> {
      List<Selector> selectors = MonitoringQueries.selectors(query);
      assertThat(selectors).as(name + ": " + query).isNotEmpty();
      selectors.forEach(selector -> wrong.addAll(faults(name, selector, scraped)));
    });
    assertThat(wrong).isEmpty();
  }

  @Test
  void theNumberOfSeriesDoesNotGrowWithModelsAndIsSmall() throws Exception {
    Scraped one = scrapeOf(worker -> true, 1);
    Scraped many = scrapeOf(worker -> true, 12);

    assertThat(names(many)).isEqualTo(names(one));
    assertThat(many.series()).hasSizeLessThan(1_000);
    assertThat(many.series())
        .noneMatch(each -> each.labels().values().stream().anyMatch(v -> v.contains("churn")));
  }

  private static Set<String> names(Scraped scraped) {
    return scraped.series().stream()
        .filter(each -> each.metric().startsWith("portage_"))
        .map(each -> each.metric() + new TreeMap<>(each.labels()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What of a selector a worker does not have. */
  private static List<String> faults(String name, Selector selector, Scraped scraped) {
    if (PROMETHEUS_METRICS.contains(selector.metric())) {
      return List.of();
    }
    List<Series> series = scraped.of(selector);
    if (series.isEmpty()) {
      return List.of(name + ": no metric " + selector.metric());
    }
    List<String> faults = new ArrayList<>();
    Set<String> labels =
        series.stream()
            .flatMap(each -> each.labels().keySet().stream())
            .collect(Collectors.toSet());
    Stream.concat(selector.matchers().keySet().stream(), selector.grouped().stream())
        .filter(label -> !labels.contains(label) && !PROMETHEUS_LABELS.contains(label))
        .forEach(label -> faults.add(name + ": " + selector.metric() + " has no label " + label));
    selector
        .matchers()
        .forEach((label, matcher) -> {
          if (PROMETHEUS_LABELS.contains(label) || matcher.startsWith("!")) {
            return;
          }
          for (String value : matcher.replaceFirst("^=~?", "").split("\\|", -1)) {
            boolean seen =
                value.equals(".*")
                    || series.stream().anyMatch(each -> value.equals(each.labels().get(label)));
            if (!seen && !KNOWN.getOrDefault(label, Set.of()).contains(value)) {
              faults.add(name + ": no " + selector.metric() + " with " + label + " " + value);
            }
          }
        });
    return faults;
  }

  /** Of a worker that has seen work, failures, nonsense, and the end of its Temporal. */
  private Scraped scrapeOfABusyWorker() throws Exception {
    return scrapeOf(
        scraped ->
            Stream.of(
                    "portage_step_seconds_count",
                    "temporal_workflow_task_execution_failed_total",
                    "temporal_activity_execution_failed_total",
                    "temporal_request_failure_total")
                .allMatch(metric ->
                    scraped.series().stream().anyMatch(each -> each.metric().equals(metric))),
        1);
  }

  private Scraped scrapeOf(Predicate<Scraped> enough, int models) throws Exception {
    TestTemporal temporal = new TestTemporal();
    WorkerSettings settings =
        WorkerSettings.of(temporal.environment())
            .withPlatformFile(TestPlatform.write(folder))
            .withStopTimeout(Duration.ofMillis(100));
    try (PortageWorker worker = PortageWorker.start(settings)) {
      temporal.registerSearchAttributes();
      WorkflowClient client =
          WorkflowClient.newInstance(
              WorkflowServiceStubs.newServiceStubs(
                  WorkflowServiceStubsOptions.newBuilder().setTarget(temporal.address()).build()),
              WorkflowClientOptions.newBuilder()
                  .setDataConverter(Payloads.dataConverter())
                  .build());
      start(client, "Nonsense", "nonsense", "nothing");
      for (int i = 0; i < models; i++) {
        PromotionStart start = start("churn" + i, "model: churn\ntrian: t.py\n");
        start(client, "PromotionWorkflow", start.workflowId(), start);
      }
      // Its workspaces are out of reach, so its first activity fails.
      PromotionStart lost = start("lost", "model: lost\n");
      start(client, "PromotionWorkflow", lost.workflowId(), lost);
      client
          .newWorkflowStub(
              PreflightWorkflow.class,
              WorkflowOptions.newBuilder()
                  .setTaskQueue(Queues.PORTAGE)
                  .setWorkflowId("preflight/churn/1")
                  .build())
          .check(
              new PreflightOrder(
                  new SettingsOrder("promotion.yaml", "model: churn\n", List.of()),
                  null,
                  null,
                  null));
      Predicate<Scraped> all =
          enough.and(scraped ->
              scraped.series().stream()
                      .filter(each -> each.metric().equals("portage_step_seconds_count"))
                      .mapToDouble(each -> Double.parseDouble(each.value()))
                      .sum()
                  >= models);
      long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      Scraped scraped = scrape(worker);
      while (!all.test(scraped) && System.nanoTime() < until) {
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        scraped = scrape(worker);
      }
      return scraped;
    } finally {
      temporal.close();
    }
  }

  private static PromotionStart start(String model, String file) {
    return PromotionStart.of(model, "0123456789ab")
        .file("promotion.yaml", file, "0".repeat(64))
        .startedBy("ana@example.com")
        .build();
  }

  private static void start(WorkflowClient client, String type, String id, Object argument) {
    WorkflowStub stub =
        client.newUntypedWorkflowStub(
            type,
            WorkflowOptions.newBuilder().setTaskQueue(Queues.PORTAGE).setWorkflowId(id).build());
    stub.start(argument);
  }

  private static Scraped scrape(PortageWorker worker) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return Scraped.of(
          http.send(
                  HttpRequest.newBuilder(URI.create(worker.address() + "/metrics")).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body());
    }
  }
}
