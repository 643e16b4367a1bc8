package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Request;
import dev.portage.failure.Failures;
import dev.portage.notice.Notice;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeMetrics;
import dev.portage.notice.NoticeReceiver;
import dev.portage.notice.NoticeReport;
import dev.portage.notice.NoticeStart;
import dev.portage.notice.NoticeWorkflow;
import dev.portage.notice.ReceiverActivities;
import dev.portage.notice.ReceiverQuery;
import dev.portage.settings.PromotionFile;
import dev.portage.settings.Settings;
import dev.portage.temporal.Queues;
import dev.portage.text.Bounded;
import dev.portage.text.Markdown;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowCancellationType;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends notices of what becomes of the promotion. Each notice is a workflow of its own, so that
 * neither a receiver that is away nor the end of the promotion holds the other up; what has not
 * arrived is listed until it has.
 */
final class NoticeSender {

  /** How long an ending promotion waits to be able to say whether its last notice arrived. */
  private static final Duration LAST_WAIT = Duration.ofSeconds(10);

  /** Far more than there are receivers: before these are known, anyone's report counts. */
  private static final int MOST_REPORTS = 200;

  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(2);

  private final PromotionStart start;
  private final PromotionProgress progress;
  private final ApprovalDesk desk;
  private final Set<String> sent = new LinkedHashSet<>();
  private final Map<String, NoticeReport> reports = new LinkedHashMap<>();
  private @Nullable List<NoticeReceiver> receivers;
  private int starting;
  private int underWay;
  private @Nullable NoticeKind endsAs;

  /**
   * @param carriedOver what an earlier run of the workflow hands on, null in the first
   */
  NoticeSender(
      PromotionStart start,
      PromotionProgress progress,
      ApprovalDesk desk,
      @Nullable CarriedOver carriedOver) {
    this.start = start;
    this.progress = progress;
    this.desk = desk;
    progress.undeliveredNotices(this::undelivered);
    CarriedOver.@Nullable SentNotices before =
        carriedOver == null ? null : carriedOver.sentNotices();
    if (before != null) {
      sent.addAll(before.notices());
      before.reports().forEach(this::note);
    }
  }

  /** What was sent, and what has not arrived. */
  CarriedOver.SentNotices state() {
    return new CarriedOver.SentNotices(List.copyOf(sent), List.copyOf(reports.values()));
  }

  /** Who is notified, now that settings are known. */
  void settings(Settings settings) {
    receivers = settings.receivers();
  }

  /** Whether no notice is just being handed over, so that another run may take over. */
  boolean isAtRest() {
    return starting == 0;
  }

  /** Whether there may be a receiver: so long, reminders are kept. */
  boolean hasReceivers() {
    return receivers == null || !receivers.isEmpty();
  }

  /** A request opened. */
  void asked(Request request) {
    send(NoticeKind.ASKED, request.name(), request);
  }

  /**
   * A request is still open.
   *
   * @param number of the reminder, from 1
   */
  void reminded(Request request, int number) {
    send(NoticeKind.REMINDED, request.name() + "/" + number, request);
  }

  /** A request was approved. */
  void approved(Request request) {
    send(NoticeKind.DECIDED, request.name(), request);
  }

  /**
   * A request was rejected, or nobody decided: that ends the promotion, and one notice says both.
   */
  void endsAs(NoticeKind kind) {
    endsAs = kind;
  }

  /** A step failed, and the order to resume is waited for. */
  void stopped(String stop) {
    send(NoticeKind.STOPPED, stop, null);
  }

  /**
   * A freeze holds the promotion up.
   *
   * @param which the freeze
   */
  void frozen(String which) {
    send(NoticeKind.FROZEN, which, null);
  }

  /**
   * A rollback took the turn from the promotion.
   *
   * @param rollback its workflow id
   */
  void preempted(String rollback) {
    send(NoticeKind.PREEMPTED, rollback, null);
  }

  /**
   * The promotion has ended. Waits a moment, so that its last words say whether that was heard.
   *
   * @param isNews whether it did anything; what was released before had its notice then
   */
  void ended(boolean isNews) {
    if (isNews) {
      NoticeKind kind = endsAs == null ? end() : endsAs;
      Request last = desk.requests().isEmpty() ? null : desk.requests().getLast();
      send(kind, endsAs == null || last == null ? null : last.name(), last);
    }
    if (underWay > 0) {
      Workflow.newDetachedCancellationScope(() -> Workflow.await(LAST_WAIT, () -> underWay == 0))
          .run();
    }
  }

  private NoticeKind end() {
    return switch (progress.view().state()) {
      case RELEASED -> NoticeKind.RELEASED;
      case REJECTED -> NoticeKind.REJECTED;
      case CANCELLED -> NoticeKind.CANCELLED;
      case SUPERSEDED -> NoticeKind.SUPERSEDED;
      case FAILED, RUNNING, WAITING, STOPPED, FROZEN -> NoticeKind.FAILED;
    };
  }

  /**
   * Takes the word of a notice's workflow.
   *
   * @return whether it is about a notice of this promotion, to one of its receivers
   */
  boolean report(NoticeReport report) {
    if (!sent.contains(report.notice()) || !isReceiver(report.receiver())) {
      return false;
    }
    note(report);
    progress.publish();
    return true;
  }

  /** Anyone may send a signal, and each further name would stay listed. */
  private boolean isReceiver(String name) {
    List<NoticeReceiver> known = receivers;
    return known == null || known.stream().anyMatch(one -> one.name().equals(name));
  }

  private void note(NoticeReport report) {
    String key = report.notice() + " " + Bounded.line(report.receiver(), Bounded.NAME);
    if (report.problem() == null) {
      reports.remove(key);
    } else if (reports.containsKey(key) || reports.size() < MOST_REPORTS) {
      reports.put(key, report);
    }
  }

  private void send(NoticeKind kind, @Nullable String which, @Nullable Request request) {
    // Where it is known that there is no receiver, history has nothing of notices.
    if (!hasReceivers()) {
      return;
    }
    PromotionView view = progress.view();
    String id = start.workflowId() + "/" + kind.word() + (which == null ? "" : "/" + which);
    if (!sent.add(id)) {
      return;
    }
    Notice notice = NoticeContent.of(id, kind, view, request);
    starting++;
    underWay++;
    Workflow.newDetachedCancellationScope(() -> Async.procedure(() -> deliver(notice))).run();
  }

  private void deliver(Notice notice) {
    List<String> names;
    try {
      names =
          receivers().stream()
              .filter(one -> one.on().contains(notice.kind()))
              .map(NoticeReceiver::name)
              .toList();
    } catch (TemporalFailure failure) {
      reachedNobody(notice, ", since the receivers can't be read: " + Failures.line(failure));
      return;
    } finally {
      starting--;
      underWay--;
    }
    if (!names.isEmpty()) {
      try {
        deliver(notice, names);
      } catch (ChildWorkflowFailure failure) {
        if (isOfAnEarlierRun(failure)) {
          deliverAgain(notice, names);
        } else {
          reachedNobody(notice, ": " + line(failure));
        }
      }
    }
  }

  private void deliver(Notice notice, List<String> names) {
    starting++;
    underWay++;
    NoticeWorkflow workflow = workflow(notice);
    Promise<List<NoticeReport>> delivered =
        Async.function(workflow::deliver, new NoticeStart(notice, names));
    // Where it can't start, both fail for the same reason.
    Promise<WorkflowExecution> started = Workflow.getWorkflowExecution(workflow);
    started.handle((execution, failure) -> {
      if (failure == null) {
        starting--;
      }
      return execution;
    });
    try {
      delivered.get();
    } finally {
      if (started.getFailure() != null) {
        // At once followed by the next try, if there is one: no other run takes over in between.
        starting--;
      }
      underWay--;
    }
  }

  /**
   * After a reset: an earlier run sent a notice of the same name, perhaps on other evidence.
   * Receivers drop what has an id that they know, so this one has an id of its own.
   */
  private void deliverAgain(Notice notice, List<String> names) {
    Notice again = notice.withId(notice.id() + "/" + Workflow.randomUUID());
    sent.add(again.id());
    try {
      deliver(again, names);
    } catch (ChildWorkflowFailure failure) {
      reachedNobody(again, ": " + line(failure));
    }
  }

  private void reachedNobody(Notice notice, String why) {
    NoticeMetrics.undelivered();
    progress.notice("nobody was notified (" + notice.kind().word() + ")" + why);
  }

  private static boolean isOfAnEarlierRun(ChildWorkflowFailure failure) {
    return failure.getCause() instanceof WorkflowExecutionAlreadyStarted;
  }

  private static String line(ChildWorkflowFailure failure) {
    return String.valueOf(
        failure.getCause() == null ? failure.getMessage() : failure.getCause().getMessage());
  }

  private List<NoticeReceiver> receivers() {
    if (receivers != null) {
      return receivers;
    }
    return Stubs.here(ReceiverActivities.class, TIMEOUT, "read who is notified of " + start.model())
        .receivers(
            new ReceiverQuery(
                start.model(),
                PromotionFile.registeredName(start.fileName(), start.fileText()).orElse(null)));
  }

  private static NoticeWorkflow workflow(Notice notice) {
    return Workflow.newChildWorkflowStub(
        NoticeWorkflow.class,
        ChildWorkflowOptions.newBuilder()
            .setWorkflowId(NoticeWorkflow.idOf(notice.id()))
            .setTaskQueue(Queues.PORTAGE)
            .setWorkflowIdReusePolicy(
                WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
            .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
            .setCancellationType(ChildWorkflowCancellationType.ABANDON)
            .setWorkflowRunTimeout(LONGEST)
            .setStaticSummary(Markdown.summary("notify: " + notice.kind().word()))
            .build());
  }

  /** What has not arrived, a line each, for people; empty when all has. */
  List<String> undelivered() {
    return reports.values().stream()
        .map(report -> {
          Instant until = report.until();
          return report.receiver()
              + " was not notified ("
              + report.notice().substring(start.workflowId().length() + 1)
              + ")"
              + (until == null
                  ? ": "
                  : "; retried until " + until.truncatedTo(ChronoUnit.MINUTES) + ": ")
              + report.problem();
        })
        .toList();
  }
}
