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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Requests of our own to a served version, by its own address: the split of the traffic does not
 * count there. An answer is a fault of the version, not of the call: nothing is retried.
 */
final class EndpointProbes {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Each look sends as many, so that one slow answer among them is no percentile. */
  private static final int AT_LEAST = 5;

  private static final int MOST_FAULTS = 10;
  private static final int BYTES_OF_FAULT = 500;

  private final ModelExample examples;
  private final ActivityWait waiting;

  EndpointProbes(ModelExample examples, ActivityWait waiting) {
    this.examples = examples;
    this.waiting = waiting;
  }

  /** One answer, and how long it took. */
  private record Answer(@Nullable JsonNode body, @Nullable String fault, long millis) {}

  ProbeResult send(DatabricksApi api, ProbeOrder order) {
    List<ServeCase> cases = cases(order);
    Tally tally = new Tally();
    // A smoke test sends each once; a look repeats them.
    int rounds =
        cases.isEmpty() || !order.metrics()
            ? 1
            : Math.max(1, (AT_LEAST + cases.size() - 1) / cases.size());
    int number = 0;
    for (int round = 0; round < rounds; round++) {
      for (ServeCase one : cases) {
        waiting.beat("request " + (number + 1) + " to " + order.served());
        String id = order.requestId() + "/" + ++number;
        Answer answer = ask(api, order, order.served(), one, id);
        tally.add(one, answer);
        String champion = order.champion();
        JsonNode body = answer.body();
        if (champion != null && round == 0 && body != null && !champion.equals(order.served())) {
          JsonNode other = ask(api, order, champion, one, id + "/champion").body();
          if (other != null) {
            tally.compare(body, other, one.tolerance());
          }
        }
      }
    }
    return tally.result(order.metrics() ? metrics(api, order) : null);
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
      return new Answer(null, "no answer came", millis(began));
    }
    long millis = millis(began);
    if (DatabricksErrors.isForbidden(answer) || answer.status() == 401) {
      // The login may not ask: that says nothing about the version.
      throw api.failure("send " + one.name() + " to " + served, answer);
    }
    if (!answer.isSuccess()) {
      return new Answer(
          null,
          "status " + answer.status() + (answer.message().isEmpty() ? "" : ": " + answer.message()),
          millis);
    }
    JsonNode said = answer.json();
    String fault = AnswerMatch.error(said).orElse(null);
    return new Answer(fault == null ? said : null, fault, millis);
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
    return answer.isSuccess()
        ? MetricsText.read(answer.body(), order.served())
        : MetricsText.none("its metrics can't be read: status " + answer.status());
  }

  /** Counts answers. */
  private static final class Tally {
    private final List<String> faults = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private int sent;
    private int failed;
    private int compared;
    private int alike;

    void add(ServeCase one, Answer answer) {
      sent++;
      JsonNode body = answer.body();
      JsonNode wanted = one.answer();
      String fault = answer.fault();
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
      compared++;
      JsonNode wanted = champions.has("predictions") ? champions.path("predictions") : champions;
      JsonNode given = champions.has("predictions") ? ours.path("predictions") : ours;
      if (AnswerMatch.difference(given, wanted, tolerance).isEmpty()) {
        alike++;
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
          metrics);
    }
  }
}
