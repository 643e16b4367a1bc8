package dev.portage.localworkspace.serving;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What was observed of a served model in the last minute, as Databricks tells it. */
public final class Gauges {
  /** How far back they look. */
  public static final Duration WINDOW = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Deque<Request> requests = new ArrayDeque<>();
  private Instant usedAt;
  private ModelServers.@Nullable Usage used;

  /** One request. */
  private record Request(Instant at, int status, double milliseconds, double queued) {}

  /**
   * The last minute.
   *
   * @param requests how many came
   * @param refused how many were answered by 4xx
   * @param failed how many were answered by 5xx
   * @param latencies how long they took, in milliseconds
   * @param queued how long they waited for the model before, in milliseconds
   */
  public record Minute(
      int requests, int refused, int failed, List<Double> latencies, List<Double> queued) {}

  /** None observed yet. */
  Gauges(InstantSource clock) {
    this.clock = clock;
    this.usedAt = clock.instant();
  }

  synchronized void observe(int status, double milliseconds, double queued) {
    requests.addLast(new Request(clock.instant(), status, milliseconds, queued));
    forget();
  }

  private void forget() {
    Instant oldest = clock.instant().minus(WINDOW);
    while (!requests.isEmpty() && requests.getFirst().at().isBefore(oldest)) {
      requests.removeFirst();
    }
  }

  /** The last minute. */
  public synchronized Minute minute() {
    forget();
    return new Minute(
        requests.size(),
        count(400),
        count(500),
        values(Request::milliseconds),
        values(Request::queued));
  }

  private int count(int from) {
    return (int)
        requests.stream().filter(r -> r.status() >= from && r.status() < from + 100).count();
  }

  private List<Double> values(ToDoubleFunction<Request> of) {
    return requests.stream().map(of::applyAsDouble).toList();
  }

  /** The share of one processor since the question before, in percent. */
  public synchronized double cpuPercent(ModelServers.Usage now) {
    Instant at = clock.instant();
    ModelServers.Usage before = used;
    double seconds = Duration.between(usedAt, at).toMillis() / 1000.0;
    used = now;
    usedAt = at;
    if (before == null || seconds <= 0 || now.cpuSeconds() < before.cpuSeconds()) {
      return 0;
    }
    return 100 * (now.cpuSeconds() - before.cpuSeconds()) / seconds;
  }
}
