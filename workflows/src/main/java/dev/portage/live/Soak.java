package dev.portage.live;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.serving.MetricsSample;
import dev.portage.serving.ProbeResult;
import dev.portage.serving.SoakDesk;
import dev.portage.serving.SoakOrder;
import dev.portage.serving.TrafficMetrics;
import dev.portage.serving.TrafficShare;
import dev.portage.serving.Verdict;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.WrittenDuration;
import dev.portage.step.Attempt;
import dev.portage.step.StepFailure;
import dev.portage.step.StepProgress;
import dev.portage.temporal.TimedWait;
import dev.portage.text.Utc;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The watch over one share of the traffic: a timer that says in the Web UI what it is waiting for,
 * and looks at the version until it fires. A broken limit or a person's order ends it early; too
 * few requests extend it.
 */
final class Soak {

  /** The most looks in one soak, however long it is: each takes space in the history. */
  private static final int MOST_LOOKS = 30;

  /** The most looks while it is extended, which may take weeks. */
  private static final int MOST_EXTRA_LOOKS = 120;

  private final LiveHop hop;
  private final ServeSettings serve;
  private final Attempt attempt;
  private final String step;
  private final TrafficShare share;
  private final int percent;
  private final Supplier<ProbeResult> look;
  private final SoakDesk desk;
  private final Duration interval;
  private final SoakRequests requests = new SoakRequests(now());

  private List<String> broken = List.of();
  private String seen = "not looked at yet";
  private boolean looked;
  private boolean judged;
  private @Nullable Instant until;

  /**
   * @param step name of the step of the promotion
   * @param share of the traffic that the version has
   * @param look sends Portage's own requests, and reads the metrics
   */
  Soak(
      LiveHop hop,
      ServeSettings serve,
      Attempt attempt,
      String step,
      TrafficShare share,
      Supplier<ProbeResult> look) {
    this.hop = hop;
    this.serve = serve;
    this.attempt = attempt;
    this.step = step;
    this.share = share;
    this.percent = share.percent();
    this.look = look;
    this.desk = hop.part(SoakDesk.class);
    this.interval = interval(serve.soak());
  }

  private static Duration interval(Duration soak) {
    Duration spread = soak.dividedBy(MOST_LOOKS);
    Duration wanted = longer(spread, SoakRequests.GAUGE);
    return wanted.compareTo(soak) > 0 ? soak : wanted;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /**
   * Watches the version until the soak is over.
   *
   * @throws StepFailure if a limit is broken, or a person aborted
   * @throws DecideAgain if too few requests came within the longest time
   */
  void watch() {
    TrafficMetrics.Outcome outcome = TrafficMetrics.Outcome.CANCELLED;
    desk.soaks(true);
    try {
      watchUntilOver();
      outcome = outcome();
    } catch (DecideAgain again) {
      outcome = TrafficMetrics.Outcome.POSTPONED;
      throw again;
    } finally {
      desk.soaks(false);
      TrafficMetrics.ended(percent, outcome);
    }
    conclude();
  }

  private TrafficMetrics.Outcome outcome() {
    if (!broken.isEmpty()) {
      return TrafficMetrics.Outcome.FAILED;
    }
    return desk.isAborted() ? TrafficMetrics.Outcome.ABORTED : TrafficMetrics.Outcome.DONE;
  }

  private void watchUntilOver() {
    Instant begun = now();
    Instant end = begun.plus(serve.soak());
    until = end;
    says("not looked at yet");
    TimedWait.await(
        serve.soak(),
        "soak of endpoint " + serve.endpoint() + " at " + percent + " % until " + Utc.seconds(end),
        this::isOver,
        done -> {
          while (!done.get()) {
            // The last look follows after the soak.
            if (Duration.between(now(), end).compareTo(interval) <= 0) {
              Workflow.await(done);
            } else if (!TimedWait.await(
                interval,
                "next look at version " + hop.version() + " at " + percent + " %",
                done)) {
              look();
            }
          }
        });
    if (!isOver()) {
      look();
    }
    awaitRequests(begun.plus(serve.longestSoak()));
  }

  /** Nobody waits for a person while the turn is held, but for traffic, for a bounded time. */
  private void awaitRequests(Instant bound) {
    Integer wanted = serve.limits().minRequests();
    Duration spread = serve.longestSoak().minus(serve.soak()).dividedBy(MOST_EXTRA_LOOKS);
    // The gauges cover one minute, so an earlier look would tell little that is new.
    Duration apart = longer(longer(spread, interval), SoakRequests.GAUGE);
    while (wanted != null && !isOver() && requests.requests() < wanted) {
      Instant at = now();
      Duration left = Duration.between(at, bound);
      if (!left.isPositive()) {
        throw new DecideAgain(
            step,
            attempt.number(),
            problem(
                "give version " + hop.version() + " " + percent + " % of the traffic",
                asked(wanted)
                    + " within "
                    + WrittenDuration.text(serve.longestSoak())
                    + (requests.requests() == 0 ? "; last look: " + seen : ""),
                "What was changed is undone. Decide again when there is more traffic, or lower"
                    + " serve.limits.min-requests."));
      }
      until = bound;
      says(asked(wanted) + " so far; waits for the rest until then at the latest");
      Duration next =
          at.isBefore(requests.first()) ? Duration.between(at, requests.first()) : apart;
      Duration wait = left.compareTo(next) < 0 ? left : next;
      if (!TimedWait.await(
          wait,
          "soak of endpoint "
              + serve.endpoint()
              + " at "
              + percent
              + " %, extended for requests until "
              + Utc.seconds(bound),
          this::isOver)) {
        look();
      }
    }
  }

  /** Traffic that was demanded, and that a person did not wait for. */
  private String missing() {
    Integer wanted = serve.limits().minRequests();
    return wanted == null || requests.requests() >= wanted ? "" : "; " + asked(wanted);
  }

  private String asked(int wanted) {
    return "version "
        + hop.version()
        + " had about "
        + Math.round(requests.requests())
        + " of the "
        + wanted
        + " requests of others that serve.limits.min-requests asks for";
  }

  private boolean isOver() {
    return desk.order() != null || !broken.isEmpty();
  }

  private void look() {
    ProbeResult result = look.get();
    Verdict verdict = Verdict.of(result, serve.limits());
    broken = verdict.broken();
    seen = verdict.text();
    looked = true;
    judged = judged || verdict.judged();
    count(result, verdict.requests());
    says(seen);
  }

  /** The metrics were read at the end of the look. */
  private void count(ProbeResult result, @Nullable Double lastMinute) {
    MetricsSample metrics = result.metrics();
    boolean ofVersion = metrics != null && metrics.ofVersion();
    int sent = result.sent() + (result.repeated() == null ? 0 : result.repeated());
    // The champion gets the same requests, each once at most.
    requests.count(now(), lastMinute, ofVersion ? sent : 2 * sent, ofVersion ? 1 : percent / 100.0);
  }

  private void says(String what) {
    attempt.says(
        StepProgress.of(
            until == null ? share : share.watchedUntil(until),
            "version " + hop.version() + " of endpoint " + serve.endpoint() + ": " + what));
  }

  private void conclude() {
    if (!broken.isEmpty()) {
      throw new StepFailure(
          step,
          problem(
              "give version "
                  + hop.version()
                  + " "
                  + percent
                  + " % of the traffic of endpoint "
                  + serve.endpoint(),
              String.join("; ", broken),
              "All traffic goes back. Correct the model and promote again, or change serve.limits;"
                  + " if the cause was another one: portage resume "
                  + hop.holder()),
          true);
    }
    SoakOrder order = desk.order();
    if (order != null) {
      desk.carriedOut();
      if (order.what() == SoakOrder.What.ABORT) {
        throw aborted(hop, step, order);
      }
      hop.notice(
          order.by()
              + " ended the soak at "
              + percent
              + " % early"
              + said(order.reason())
              + "; last look: "
              + seen
              + missing()
              + unjudged());
      return;
    }
    hop.notice(at() + ": " + seen + unjudged());
  }

  /** A step that ends well although nothing was held against a limit is no sign of health. */
  private String unjudged() {
    return looked && !judged
        ? ". So this step was NOT JUDGED by any look: that it is done does not say that the version"
            + " works. Log the model with an input example, or give the file cases"
        : "";
  }

  /** The failure of a cutover that a person aborted. */
  static StepFailure aborted(LiveHop hop, String step, SoakOrder order) {
    return new StepFailure(
        step,
        Problem.of(
            FailureKind.USER,
            "move traffic to version " + hop.version(),
            "workspace " + hop.workspace(),
            "aborted by " + order.by() + said(order.reason()),
            "All traffic goes back. To try again: portage resume " + hop.holder()),
        true);
  }

  private static String said(@Nullable String reason) {
    return reason == null || reason.isBlank() ? "" : ": " + reason;
  }

  private String at() {
    return "version " + hop.version() + " at " + percent + " % of endpoint " + serve.endpoint();
  }

  private Problem problem(String tried, String cameBack, String remedy) {
    return Problem.of(FailureKind.USER, tried, "workspace " + hop.workspace(), cameBack, remedy);
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
