package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.serving.ProbeOrder;
import dev.portage.serving.ProbeResult;
import dev.portage.serving.Verdict;
import dev.portage.settings.ServeCase;
import dev.portage.settings.ServeLimits;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of our own to a served version. */
class EndpointProbesTest extends EndpointWorld {
  private static final String NEW =
      "POST /serving-endpoints/churn/served-models/churn-4/invocations";
  private static final String OLD =
      "POST /serving-endpoints/churn/served-models/churn-3/invocations";
  private static final String METRICS = "GET " + ONE + "/metrics";
  private static final Duration CALL = Duration.ofSeconds(20);
  private static final String EXAMPLE = "{\"dataframe_records\":[{\"age\":41}]}";

  private static ProbeOrder order(boolean metrics, ServeCase... cases) {
    return new ProbeOrder(
        "dev",
        "churn",
        "churn-4",
        new ProbeOrder.Against("churn-3", 1e-6),
        model(),
        List.of(cases),
        "promotion/churn/1/prod/serve/1/1",
        metrics);
  }

  private static ServeCase named(String name, String answer) {
    JsonNode wanted = answer.isEmpty() ? null : EndpointJson.parse(answer);
    return new ServeCase(name, EndpointJson.parse("{\"inputs\":[[1,2]]}"), wanted, 0.01);
  }

  @Test
  void theInputExampleAndTheTeamsCasesAreSentWithTheirIds() {
    example = EXAMPLE;
    workspace.on(NEW, "{\"predictions\":[0.3149]}").on(OLD, "{\"predictions\":[0.3149]}");

    ProbeResult result = endpoints.probe(order(false, named("a", "{\"predictions\":[0.31]}")));

    assertThat(result.sent()).isEqualTo(2);
    assertThat(result.failed()).isZero();
    assertThat(result.faults()).isEmpty();
    assertThat(result.compared()).isEqualTo(2);
    assertThat(result.alike()).isEqualTo(2);
    assertThat(result.slowest()).isNotNull();
    assertThat(result.metrics()).isNull();
    assertThat(workspace.calls(NEW))
        .extracting(call -> call.body().path("client_request_id").asText())
        .containsExactly(
            "promotion/churn/1/prod/serve/1/1/1", "promotion/churn/1/prod/serve/1/1/2");
    assertThat(workspace.calls(NEW).getFirst().body().at("/dataframe_records/0/age").asInt())
        .isEqualTo(41);
  }

  @ParameterizedTest
  @Tag("S0.11")
  @Tag("S2.25")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200 | {"predictions":[0.5]}                   | a: predictions[0] is 0.5, expected 0.31
          200 | {"predictions":[0.31,1]}                | a: predictions is [0.31,1], expected a list of 1
          200 | {"error_code":"BAD","message":"no age"} | a: its answer says error_code "BAD": "no age"
          200 | {"error":"no age"}                      | a: its answer says error "no age"
          200 | {"predictions":null}                    | a: its answer has no predictions
          200 | not json                                | a: its answer is not JSON
          400 | {"error_code":"BAD_REQUEST","message":"no column age"} | a: status 400: no column age
          500 | {"error_code":"X","message":"boom"}     | a: status 500: boom
          429 | {"error_code":"REQUEST_LIMIT_EXCEEDED","message":"busy"} | a: status 429: busy
          """)
  void whatIsWrongWithAnAnswerIsAFaultOfTheVersion(int status, String body, String fault) {
    workspace.on(NEW, call -> FakeWorkspace.json(status, body)).on(OLD, "{}");

    ProbeResult result = endpoints.probe(order(false, named("a", "{\"predictions\":[0.31]}")));

    assertThat(result.failed()).isEqualTo(1);
    assertThat(result.faults()).containsExactly(fault);
  }

  @Test
  void anAnswerThatNeverComesIsAFaultToo() {
    workspace.on(
        NEW,
        call ->
            new MockResponse.Builder()
                .onResponseStart(SocketEffect.ShutdownConnection.INSTANCE)
                .build());
    ProbeResult result = endpoints.probe(order(false, named("a", "")));
    assertThat(result.failed()).isEqualTo(1);
    assertThat(result.faults()).containsExactly("a: no answer came");
    assertThat(result.slowest()).isNull();
    assertThat(workspace.calls(NEW)).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 429, 502, 503, 504})
  void whatTheWorkspaceCouldNotAnswerNowIsSentAgainAndSaid(int status) {
    AtomicInteger calls = new AtomicInteger();
    workspace
        .on(
            NEW,
            call -> {
              if (calls.getAndIncrement() > 0) {
                return FakeWorkspace.json(200, "{\"predictions\":[1]}");
              }
              return status == 0
                  ? new MockResponse.Builder()
                      .onResponseStart(SocketEffect.ShutdownConnection.INSTANCE)
                      .build()
                  : FakeWorkspace.json(status, "{\"error_code\":\"X\",\"message\":\"not now\"}");
            })
        .on(OLD, "{\"predictions\":[1]}");

    ProbeResult result = endpoints.probe(order(false, named("a", "{\"predictions\":[1]}")));

    assertThat(result.sent()).isEqualTo(1);
    assertThat(result.failed()).isZero();
    assertThat(result.repeated()).isEqualTo(1);
    assertThat(Verdict.of(result, ServeLimits.NONE).text())
        .contains("1 was sent again, since no answer came or the workspace was busy");
  }

  @Test
  void anErrorOfTheVersionIsNotSentAgain() {
    workspace.on(NEW, call -> FakeWorkspace.json(500, "{\"message\":\"boom\"}"));

    ProbeResult result = endpoints.probe(order(false, named("a", "")));

    assertThat(workspace.calls(NEW)).hasSize(1);
    assertThat(result.repeated()).isNull();
  }

  @Test
  void aVersionThatNeverAnswersIsNotAskedForEachCase() {
    workspace.on(NEW, call -> FakeWorkspace.json(503, "{\"message\":\"does not answer\"}"));

    ProbeResult result =
        endpoints.probe(
            order(
                false,
                IntStream.range(0, 50)
                    .mapToObj(i -> named("case " + i, ""))
                    .toArray(ServeCase[]::new)));

    assertThat(result.failed()).isEqualTo(result.sent()).isEqualTo(5);
    assertThat(workspace.calls(NEW)).hasSize(7);
  }

  @Test
  void noMoreThanFiveRequestsOfALookAreSentAgain() {
    AtomicInteger calls = new AtomicInteger();
    workspace
        .on(
            NEW,
            call ->
                calls.getAndIncrement() % 2 == 0
                    ? FakeWorkspace.json(503, "{\"message\":\"not now\"}")
                    : FakeWorkspace.json(200, "{\"predictions\":[1]}"))
        .on(OLD, "{\"predictions\":[1]}");

    ProbeResult result =
        endpoints.probe(
            order(
                false,
                IntStream.range(0, 8)
                    .mapToObj(i -> named("case " + i, ""))
                    .toArray(ServeCase[]::new)));

    assertThat(result.repeated()).isEqualTo(5);
    // The sixth is not, and from then on nothing is: its version may be silent.
    assertThat(result.faults())
        .containsExactly("case 5: status 503: not now", "case 7: status 503: not now");
  }

  @Test
  void aLoginThatMayNotAskSaysNothingAboutTheVersion() {
    workspace.on(
        NEW, call -> FakeWorkspace.refusal(403, "PERMISSION_DENIED", "no CAN_QUERY on churn"));
    assertThatThrownBy(() -> endpoints.probe(order(false, named("a", ""))))
        .isInstanceOf(ApplicationFailure.class)
        .hasMessageContaining("no CAN_QUERY on churn");
  }

  @Test
  void aCaseThatIsLateIsAFaultOfASmokeTestAndNotOfALook() {
    workspace
        .on(
            NEW,
            call ->
                new MockResponse.Builder()
                    .headersDelay(60, TimeUnit.MILLISECONDS)
                    .setHeader("Content-Type", "application/json")
                    .body("{\"predictions\":[1]}")
                    .build())
        .on(OLD, "{\"predictions\":[1]}");
    ServeCase hasty =
        new ServeCase(
            "a", EndpointJson.parse("{\"inputs\":[1]}"), null, 0.0, Duration.ofMillis(50));

    ProbeResult smoke = endpoints.probe(order(false, hasty));
    assertThat(smoke.failed()).isEqualTo(1);
    assertThat(smoke.faults().getFirst()).matches("a: took \\d+ms, over the limit of 50ms");
    assertThat(endpoints.probe(order(true, hasty)).failed()).isZero();
  }

  @Test
  void aLookAtASlowWorkspaceIsNeverSilentForLongerThanACallMayTake() {
    workspace
        .on(NEW, call -> slowly("{\"predictions\":[1]}"))
        .on(OLD, call -> slowly("{\"predictions\":[1]}"))
        .on(METRICS, call -> slowly(""));

    endpoints.probe(order(true, named("a", "")));
    waiting.beat("the end");

    assertThat(waiting.longestSilence()).isEqualTo(CALL);
  }

  private MockResponse slowly(String body) {
    waiting.sleep(CALL);
    return FakeWorkspace.json(200, body);
  }

  @Test
  void answersThatDifferFromTheChampionsAreCounted() {
    workspace.on(NEW, "{\"predictions\":[1]}").on(OLD, "{\"predictions\":[0]}");
    ProbeResult result = endpoints.probe(order(false, named("a", "")));
    assertThat(result.failed()).isZero();
    assertThat(result.compared()).isEqualTo(1);
    assertThat(result.alike()).isZero();
  }

  @Test
  void eachPredictionIsComparedWithTheChampionsWithinTheTolerance() {
    workspace
        .on(NEW, "{\"predictions\":[1.004,2.0,3.0,\"yes\"]}")
        .on(OLD, "{\"predictions\":[1.0,2.5,3.0,\"yes\"]}");

    ProbeResult result = endpoints.probe(order(false, named("a", "")));

    // The case's own tolerance is the larger one.
    assertThat(result.compared()).isEqualTo(4);
    assertThat(result.alike()).isEqualTo(3);
  }

  @Test
  void anotherNumberOfPredictionsIsNoneAlike() {
    workspace.on(NEW, "{\"predictions\":[1]}").on(OLD, "{\"predictions\":[1,2]}");

    ProbeResult result = endpoints.probe(order(false, named("a", "")));

    assertThat(result.compared()).isEqualTo(2);
    assertThat(result.alike()).isZero();
  }

  @Test
  void aChampionThatDoesNotAnswerLeavesTheAgreementUnknownAndThatIsSaid() {
    workspace
        .on(NEW, "{\"predictions\":[1]}")
        .on(OLD, call -> FakeWorkspace.json(500, "{\"message\":\"boom\"}"));

    ProbeResult result = endpoints.probe(order(false, named("a", "")));

    Verdict verdict = Verdict.of(result, new ServeLimits(null, null, 90.0, null));
    assertThat(verdict.broken()).isEmpty();
    assertThat(verdict.text()).contains("agreement with the champion is not known");
  }

  @Test
  void withNeitherExampleNorCasesNothingIsSent() {
    assertThat(endpoints.probe(order(false)).sent()).isZero();
  }

  @Test
  void aLookSendsSeveralAndReadsTheMetrics() {
    workspace
        .on(NEW, "{\"predictions\":[1]}")
        .on(OLD, "{\"predictions\":[1]}")
        .on(
            METRICS,
            call ->
                new MockResponse.Builder()
                    .setHeader("Content-Type", "text/plain")
                    .body("request_count_total{served_model_name=\"churn-4\"} 42 1700000000000\n")
                    .build());

    ProbeResult result = endpoints.probe(order(true, named("a", "")));

    assertThat(result.sent()).isEqualTo(5);
    assertThat(result.compared()).isEqualTo(1);
    assertThat(Objects.requireNonNull(result.metrics()).requests()).isEqualTo(42.0);
  }

  @Test
  void anEndpointWithoutMetricsYetIsNoFailure() {
    workspace.on(NEW, "{\"predictions\":[1]}");
    ProbeResult result = endpoints.probe(order(true, named("a", "")));
    assertThat(Objects.requireNonNull(result.metrics()).absent())
        .isEqualTo("the endpoint has no metrics yet");
  }
}
