package dev.portage.notice;

import dev.portage.activity.Stubs;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.temporal.Given;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Delivers a notice to each receiver on its own. Who can't be reached within minutes is tried for a
 * day, and the promotion is told at once, so that its page says who was not reached.
 */
public final class NoticeWorkflowImpl implements NoticeWorkflow {

  /** For so long nobody has to know that a receiver is away. */
  static final Duration SOON = Duration.ofMinutes(5);

  /** For so long a notice is worth delivering. */
  static final Duration LONG = Duration.ofHours(24);

  private static final Duration PAUSE = Duration.ofMinutes(1);

  @Override
  public List<NoticeReport> deliver(NoticeStart given) {
    NoticeStart start = Given.input(given, NoticeStart.class);
    Delivery delivery = new Delivery(start.notice());
    List<Promise<NoticeReport>> reports =
        start.receivers().stream()
            .map(receiver -> Async.function(() -> delivery.to(receiver)))
            .toList();
    return reports.stream().map(Promise::get).toList();
  }

  /** To each receiver. */
  private record Delivery(Notice notice) {

    NoticeReport to(String receiver) {
      Instant until = now().plus(LONG);
      try {
        attempt(receiver, SOON);
        return new NoticeReport(notice.id(), receiver, null, null);
      } catch (ActivityFailure failure) {
        NoticeMetrics.undelivered();
        Problem problem = problem(failure, receiver);
        if (problem.kind() != FailureKind.PLATFORM) {
          return reported(new NoticeReport(notice.id(), receiver, problem.line(), null));
        }
        Duration pause = pause(failure);
        if (!now().plus(pause).isBefore(until)) {
          return reported(
              new NoticeReport(
                  notice.id(),
                  receiver,
                  "it asked for a pause longer than a notice is worth retrying: " + problem.line(),
                  null));
        }
        reported(new NoticeReport(notice.id(), receiver, problem.line(), until));
        Workflow.sleep(pause);
      }
      return reported(new NoticeReport(notice.id(), receiver, longAttempt(receiver, until), null));
    }

    /** Why it has not arrived, null when it has. */
    private @Nullable String longAttempt(String receiver, Instant until) {
      Duration left = Duration.between(now(), until);
      if (!left.isPositive()) {
        return "no worker was running until it was too old to be worth retrying";
      }
      try {
        attempt(receiver, left);
        return null;
      } catch (ActivityFailure failure) {
        return problem(failure, receiver).line();
      }
    }

    private void attempt(String receiver, Duration longest) {
      Stubs.delivering(
              NoticeActivities.class, longest, "notify " + receiver + ": " + notice.kind().word())
          .deliver(new NoticeOrder(receiver, notice));
    }

    private static Problem problem(ActivityFailure failure, String receiver) {
      return Failures.problemOf(failure, "notify " + receiver, "receiver " + receiver);
    }

    /** What the receiver asked for; it may be longer than the first attempts lasted. */
    private static Duration pause(ActivityFailure failure) {
      Duration asked =
          failure.getCause() instanceof ApplicationFailure last ? last.getNextRetryDelay() : null;
      return asked == null || asked.compareTo(PAUSE) < 0 ? PAUSE : asked;
    }

    private NoticeReport reported(NoticeReport report) {
      try {
        Workflow.newUntypedExternalWorkflowStub(notice.promotion())
            .signal(NoticeReport.SIGNAL, report);
      } catch (TemporalFailure over) {
        // The promotion has ended; what became of the notice is this workflow's own result.
      }
      return report;
    }

    private static Instant now() {
      return Instant.ofEpochMilli(Workflow.currentTimeMillis());
    }
  }
}
