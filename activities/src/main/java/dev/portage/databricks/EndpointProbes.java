package dev.portage.databricks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.failure.Failures;
import dev.portage.http.HttpAnswer;
import dev.portage.serving.MetricsSample;
import dev.portage.serving.ProbeOrder;
import dev.portage.serving.ProbeResult;
import dev.portage.settings.ServeCase;
import dev.portage.text.Bounded;
import io.temporal.failure.ApplicationFailure;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Portage's own requests to a served version, at its own address, which the traffic split does not
 * affect. An answer of the version is judged as it is. If none came, or the workspace was busy, the
 * request is sent again: otherwise one broken connection in a thousand would take back a good
 * version.
 */
final class EndpointProbes {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The fewest requests that a look sends. */
  private static final int AT_LEAST = 5;

  /** How often one request is sent, at most. */
  private static final int TRIES = 3;

  /** Statuses by which the workspace could not answer now; others are the version's answers. */
  private static final Set<Integer> NOT_NOW = Set.of(429, 502, 503, 504);

  /** How many requests of a look are sent again, at most. */
  private static final int MOST_REPEATED = 5;

  /** After this many requests without an answer, the rest of the look is not sent. */
  private static final int MOST_UNANSWERED = 5;

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private static final int MOST_FAULTS = 10;
  private static final int BYTES_OF_FAULT = 500;

  private final ModelExample examples;
  private final ActivityWait waiting;

  EndpointProbes(ModelExample examples, ActivityWait waiting) {
    this.examples = examples;
    this.waiting = waiting;
  }

  /**
   * One answer.
   *
   * @param body null if it has a fault
   * @param fault what is wrong with it; null for nothing
   * @param millis how long it took, in milliseconds
   * @param again the pause before the request may be sent again; null if this is the version's own
   *     answer
   */
  private record Answer(
      @Nullable JsonNode body, @Nullable String fault, long millis, @Nullable Duration again) {}

  ProbeResult send(DatabricksApi api, ProbeOrder order) {
    waiting.beat("read what to send to " + order.served());
    List<ServeCase> cases = cases(order);
    ResultBuilder tally = new ResultBuilder(!order.metrics());
    // A smoke test sends each once; a look repeats them.
    int rounds =
        cases.isEmpty() || !order.metrics()
            ? 1
            : Math.max(1, (AT_LEAST + cases.size() - 1) / cases.size());
    int number = 0;
    for (int round = 0; round < rounds; round++) {
      for (ServeCase one : cases) {
        if (tally.isSilent()) {
          break;
        }
        waiting.beat("request " + (number + 1) + " to " + order.served());
        String id = order.requestId() + "/" + ++number;
        Answer answer = answered(api, order, one, id, tally);
        tally.add(one, answer);
        ProbeOrder.Against against = order.against();
        JsonNode body = answer.body();
        if (against != null && round == 0 && body != null) {
          waiting.beat("the same to " + against.served());
          JsonNode other = ask(api, order, against.served(), one, id + "/champion").body();
          if (other != null) {
            tally.compare(body, other, Math.max(one.tolerance(), against.tolerance()));
          }
        }
      }
    }
    if (!order.metrics()) {
      return tally.result(null);
    }
    waiting.beat("read the metrics of endpoint " + order.endpoint());
    return tally.result(metrics(api, order));
  }

  /** The version's answer, after repeats if need be. */
  private Answer answered(
      DatabricksApi api, ProbeOrder order, ServeCase one, String id, ResultBuilder tally) {
    Answer answer = ask(api, order, order.served(), one, id);
    Duration again = answer.again();
    for (int tried = 1; again != null && tried < TRIES; tried++) {
      if (tried == 1 && !tally.repeat()) {
        break;
      }
      waiting.pause(
          again.compareTo(LONGEST_PAUSE) < 0 ? again : LONGEST_PAUSE, "request " + id + " again");
      answer = ask(api, order, order.served(), one, id);
      again = answer.again();
    }
    return answer;
  }

  private List<ServeCase> cases(ProbeOrder order) {
    List<ServeCase> cases = new ArrayList<>();
    if (order.model() != null) {
      examples
          .of(order.model())
          .flatMap(EndpointProbes::json)
          .ifPresent(example ->
              cases.add(new ServeCase("input example", example, null, ServeCase.TOLERANCE)));
    }
    cases.addAll(order.cases());
    return cases;
  }

  private static Optional<JsonNode> json(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      return json != null && json.isObject() ? Optional.of(json) : Optional.empty();
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }

  private static Answer ask(
      DatabricksApi api, ProbeOrder order, String served, ServeCase one, String id) {
    JsonNode request = one.request();
    String body =
        request instanceof ObjectNode object
            ? object.deepCopy().put("client_request_id", id).toString()
            : request.toString();
    String path =
        "/serving-endpoints/"
            + DatabricksApi.escaped(order.endpoint())
            + "/served-models/"
            + DatabricksApi.escaped(served)
            + "/invocations";
    long began = System.nanoTime();
    HttpAnswer answer;
    try {
      answer = api.probe("send " + one.name() + " to " + served, "POST", path, body);
    } catch (ApplicationFailure failure) {
      if (Failures.statusOf(failure) != null) {
        throw failure;
      }
      return new Answer(null, "no answer came", millis(began), PAUSE);
    }
    long millis = millis(began);
    if (DatabricksErrors.isForbidden(answer) || answer.status() == 401) {
      // The login may not send requests, which says nothing about the version.
      throw api.failure(
          "send " + one.name() + " to " + served, answer, Guarded.askedEndpoint(order.endpoint()));
    }
    if (!answer.isSuccess()) {
      return new Answer(
          null,
          "status " + answer.status() + (answer.message().isEmpty() ? "" : ": " + answer.message()),
          millis,
          NOT_NOW.contains(answer.status())
              ? Objects.requireNonNullElse(answer.retryAfter(Clock.systemUTC()), PAUSE)
              : null);
    }
    JsonNode said = answer.json();
    String fault = AnswerMatch.error(said).orElse(null);
    return new Answer(fault == null ? said : null, fault, millis, null);
  }

  private static long millis(long began) {
    return (System.nanoTime() - began) / 1_000_000;
  }

  private static MetricsSample metrics(DatabricksApi api, ProbeOrder order) {
    HttpAnswer answer;
    try {
      answer =
          api.text(
              "read the metrics of endpoint " + order.endpoint(),
              "/api/2.0/serving-endpoints/" + DatabricksApi.escaped(order.endpoint()) + "/metrics");
    } catch (ApplicationFailure unread) {
      return MetricsText.none("its metrics can't be read");
    }
    if (answer.status() == 404) {
      return MetricsText.none("the endpoint has no metrics yet");
    }
    if (DatabricksErrors.isForbidden(answer)) {
      return MetricsText.none(
          "the login may not read its metrics; to grant it: "
              + api.grant(Guarded.endpoint(order.endpoint())));
    }
    return answer.isSuccess()
        ? MetricsText.read(answer.body(), order.served())
        : MetricsText.none("its metrics can't be read: status " + answer.status());
  }

  /** Counts answers, and makes the result of them. */
  private static final class ResultBuilder {
    private final List<String> faults = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private final boolean smoke;
    private int sent;
    private int failed;
    private int compared;
    private int alike;
    private int repeated;
    private int unanswered;

    /** Whether so many got no answer that more requests would only take time. */
    boolean isSilent() {
      return unanswered >= MOST_UNANSWERED;
    }

    /**
     * Whether a request may be sent again, which then counts: a version that never answers must not
     * be asked three times for each of fifty cases.
     */
    boolean repeat() {
      boolean may = repeated < MOST_REPEATED && unanswered == 0;
      repeated += may ? 1 : 0;
      return may;
    }

    /**
     * @param smoke whether each case is judged by itself: of the many requests of a look, only
     *     their percentile is held against a limit
     */
    private ResultBuilder(boolean smoke) {
      this.smoke = smoke;
    }

    void add(ServeCase one, Answer answer) {
      sent++;
      JsonNode body = answer.body();
      JsonNode wanted = one.answer();
      String fault = answer.fault();
      unanswered += answer.again() == null ? 0 : 1;
      Duration latency = smoke ? one.latency() : null;
      if (fault == null && latency != null && answer.millis() > latency.toMillis()) {
        fault = "took " + answer.millis() + "ms, over the limit of " + latency.toMillis() + "ms";
      }
      if (fault == null && body != null && wanted != null) {
        fault = AnswerMatch.difference(body, wanted, one.tolerance()).orElse(null);
      }
      if (body != null) {
        times.add(answer.millis());
      }
      if (fault != null) {
        failed++;
        String line = Bounded.line(one.name() + ": " + fault, BYTES_OF_FAULT);
        if (faults.size() < MOST_FAULTS && !faults.contains(line)) {
          faults.add(line);
        }
      }
    }

    void compare(JsonNode ours, JsonNode champions, double tolerance) {
      JsonNode wanted = champions.has("predictions") ? champions.path("predictions") : champions;
      JsonNode given = champions.has("predictions") ? ours.path("predictions") : ours;
      if (!wanted.isArray()) {
        compared++;
        alike += AnswerMatch.difference(given, wanted, tolerance).isEmpty() ? 1 : 0;
        return;
      }
      compared += wanted.size();
      for (int i = 0; given.size() == wanted.size() && i < wanted.size(); i++) {
        alike += AnswerMatch.difference(given.path(i), wanted.path(i), tolerance).isEmpty() ? 1 : 0;
      }
    }

    ProbeResult result(@Nullable MetricsSample metrics) {
      List<Long> sorted = times.stream().sorted().toList();
      return new ProbeResult(
          sent,
          failed,
          faults,
          sorted.isEmpty() ? null : sorted.getLast(),
          sorted.isEmpty() ? null : sorted.get((int) Math.ceil(0.95 * sorted.size()) - 1),
          compared,
          alike,
          metrics,
          repeated == 0 ? null : repeated);
    }
  }
}
