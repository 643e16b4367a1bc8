package dev.portage.promotion;

import dev.portage.approval.Escalation;
import dev.portage.approval.Request;
import dev.portage.notice.ReminderTimes;
import dev.portage.text.Markdown;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/**
 * Reminds people of an open request while it is waited for, and says when others may decide, too.
 */
final class Reminders {

  private final NoticeSender noticeSender;
  private final PromotionProgress progress;
  private final Request request;
  private final List<Instant> reminders;

  private Reminders(NoticeSender noticeSender, PromotionProgress progress, Request request) {
    this.noticeSender = noticeSender;
    this.progress = progress;
    this.request = request;
    this.reminders = ReminderTimes.of(request.opened(), request.expires());
  }

  /** Begins, in a scope that the caller cancels once the request is closed. */
  static CancellationScope begin(
      NoticeSender noticeSender, PromotionProgress progress, Request request) {
    Reminders reminders = new Reminders(noticeSender, progress, request);
    CancellationScope scope =
        Workflow.newCancellationScope(() -> {
          if (noticeSender.hasReceivers() || request.escalation() != null) {
            Async.procedure(reminders::run);
          }
        });
    scope.run();
    return scope;
  }

  private void run() {
    try {
      for (Instant at : times()) {
        Duration wait = Duration.between(PromotionProgress.now(), at);
        if (wait.isPositive()) {
          Workflow.newTimer(
                  wait,
                  TimerOptions.newBuilder()
                      .setSummary(Markdown.summary("remind of request " + request.name()))
                      .build())
              .get();
        }
        int number = reminders.indexOf(at) + 1;
        if (number > 0) {
          noticeSender.reminded(request, number);
        }
        progress.publish();
      }
    } catch (CanceledFailure closed) {
      // It was decided, or its time is up.
    }
  }

  private Iterable<Instant> times() {
    TreeSet<Instant> times = new TreeSet<>(reminders);
    Escalation escalation = request.escalation();
    if (escalation != null) {
      times.add(escalation.from());
    }
    return times;
  }
}
