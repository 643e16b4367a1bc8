package dev.portage.localworkspace;

import static dev.portage.localworkspace.ServingWorkspace.serving;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.faults.ServingEffect;
import dev.portage.localworkspace.faults.ServingFault;
import dev.portage.localworkspace.serving.ServingSettings;
import java.lang.Thread.State;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An endpoint's servers die, sleep, answer badly, and are measured. */
class EndpointServersTest extends EndpointScene {

  @Test
  void answersCanBeSlowWrongFailingOrErrorsUnder200() throws Exception {
    create(serving(7, 100));
    settled();
    Map<ServingEffect, String> expected =
        Map.of(
            new ServingEffect.WrongAnswers(), "200 {\"predictions\":[1007]}",
            new ServingEffect.FailingAnswers(), "500 {\"error_code\":\"INTERNAL_ERROR\"",
            new ServingEffect.ErrorsAsAnswers(), "200 {\"error_code\":\"BAD_REQUEST\"");
    for (Map.Entry<ServingEffect, String> each : expected.entrySet()) {
      workspace.servingFaults().add(ServingFault.once("tripler/7", each.getKey()));
      HttpResponse<String> answer = ask();
      assertThat(answer.statusCode() + " " + answer.body()).startsWith(each.getValue());
      assertThat(ask().body()).isEqualTo(predictions(7));
    }
    workspace
        .servingFaults()
        .add(ServingFault.once("tripler/*", new ServingEffect.SlowAnswers(Duration.ofMillis(300))));
    long begun = System.nanoTime();
    assertThat(ask().body()).isEqualTo(predictions(7));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(300));
  }

  @Test
  void aServerThatDiesIsStartedAgainAndRequestsWaitForIt() throws Exception {
    create(serving(1, 100));
    settled();
    servers.hold("1");

    servers.running().getFirst().dies();
    await(() -> servers.starts() == 2);
    JsonNode recovering = get();
    assertThat(state(recovering)).isEqualTo("NOT_READY NOT_UPDATING");
    assertThat(states(recovering.path("config"))).isEqualTo(Map.of("1", "DEPLOYMENT_RECOVERING"));
    try (Load load = load(2)) {
      servers.release("1");
      load.await(4);
      load.end();
      assertThat(load.failures()).isEmpty();
    }
    assertThat(state(get())).isEqualTo("READY NOT_UPDATING");
  }

  @Test
  void anEntityWhoseMachineIsGoneStaysAwayUntilTheFaultIs() throws Exception {
    create(serving(1, 50, 2, 50));
    settled();

    workspace.servingFaults().add(ServingFault.always("tripler/1", new ServingEffect.Gone()));
    await(() -> servers.running().size() == 1);
    await(() -> state(get()).equals("NOT_READY NOT_UPDATING"));
    HttpResponse<String> gone =
        send("POST", "/serving-endpoints/churn/served-models/tripler-1/invocations", ANA, "{}");
    assertThat(gone.statusCode()).as("it does not keep callers waiting").isEqualTo(503);
    update(serving(2, 100));
    assertThat(state(settled())).isEqualTo("READY NOT_UPDATING");
    assertThat(ask(4)).isEqualTo(Map.of(predictions(2), 4));
  }

  @Test
  void whatScalesToZeroStopsWhenIdleAndStartsWithTheNextRequest() throws Exception {
    reopen(ServingSettings.standard().withIdle(Duration.ofMillis(200)));
    create(
        serving(1, 100)
            .replace("\"scale_to_zero_enabled\": false", "\"scale_to_zero_enabled\": true"));
    settled();

    await(() -> servers.running().isEmpty());
    JsonNode asleep = get();
    assertThat(state(asleep)).isEqualTo("READY NOT_UPDATING");
    assertThat(asleep.at("/config/served_entities/0/state/deployment_state_message").asText())
        .isEqualTo("Scaled to zero");
    assertThat(ask().body()).isEqualTo(predictions(1));
    await(() -> servers.running().isEmpty());
    assertThat(ask().body()).isEqualTo(predictions(1));
  }

  @Test
  void aWorkspaceThatStopsWaitsForAServerThatIsJustStartingAndStopsItToo() throws Exception {
    List<String> events = new CopyOnWriteArrayList<>();
    CountDownLatch starting = new CountDownLatch(1);
    CountDownLatch mayStart = new CountDownLatch(1);
    servers.beforeStart(() -> {
      starting.countDown();
      passes(mayStart);
      events.add("the server starts");
    });
    create(serving(1, 100));
    passes(starting);

    Thread stop =
        Thread.ofPlatform()
            .start(() -> {
              workspace.close();
              events.add("the workspace has stopped");
            });
    await(() -> Set.of(State.WAITING, State.TERMINATED).contains(stop.getState()));
    mayStart.countDown();
    stop.join();

    assertThat(events).containsExactly("the server starts", "the workspace has stopped");
    assertThat(servers.running()).isEmpty();
    servers.beforeStart(() -> {});
    workspace = opened(ServingSettings.standard());
  }

  @Test
  void metricsAreGaugesOfTheLastMinuteWithATimeAtTheEndOfTheLine() throws Exception {
    create(serving(1, 100, 2, 0));
    settled();
    ask(3);
    workspace
        .servingFaults()
        .add(ServingFault.once("tripler/1", new ServingEffect.FailingAnswers()));
    ask();

    HttpResponse<String> answer = send("GET", BASE + "/churn/metrics", ANA, null);

    assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
    String of = "{endpoint_name=\"churn\",served_model_name=\"tripler-1\"";
    assertThat(answer.body())
        .contains("# TYPE request_count_total gauge\n")
        .containsPattern(pattern("request_count_total" + of + "} 4 ") + "\\d{13}\n")
        .containsPattern(pattern("request_5xx_count_total" + of + "} 1 ") + "\\d{13}\n")
        .containsPattern(pattern("request_4xx_count_total" + of + "} 0 ") + "\\d{13}\n")
        .containsPattern(pattern("mem_usage_percentage" + of + "} 25 ") + "\\d{13}\n")
        .containsPattern(
            pattern("provisioned_concurrent_requests_total" + of + "} 4 ") + "\\d{13}\n")
        .containsPattern(pattern("request_latency_ms_count" + of + "} 4 ") + "\\d{13}\n")
        .containsPattern(
            pattern("request_latency_ms_bucket" + of + ",le=\"+Inf\"} 4 ") + "\\d{13}\n")
        .containsPattern(
            pattern(
                    "request_count_total{endpoint_name=\"churn\",served_model_name=\"tripler-2\"} 0 ")
                + "\\d{13}\n");
  }

  private static void passes(CountDownLatch latch) {
    try {
      assertThat(latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pattern(String literal) {
    return java.util.regex.Pattern.quote(literal);
  }

  @Test
  void aYoungEndpointHasNoMetricsAndSomeWorkspacesHaveNoHistograms() throws Exception {
    reopen(ServingSettings.standard().withMetricsAfter(Duration.ofHours(1)));
    create(serving(1, 100));
    settled();
    assertThat(send("GET", BASE + "/churn/metrics", ANA, null).statusCode()).isEqualTo(404);
    reopen(ServingSettings.standard().withMetricsAfter(Duration.ZERO).withoutHistograms());

    String text = send("GET", BASE + "/churn/metrics", ANA, null).body();

    assertThat(text).contains("request_count_total{").doesNotContain("request_latency_ms");
  }
}
