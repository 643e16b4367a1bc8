package dev.portage.step;

import dev.portage.notice.Notice;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeReceiver;
import dev.portage.notice.NoticeReport;
import dev.portage.notice.NoticeStart;
import dev.portage.notice.NoticeWorkflow;
import dev.portage.temporal.Queues;
import dev.portage.text.Markdown;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowCancellationType;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Tells people what becomes of a {@link Course}. Each notice is a workflow of its own, so that a
 * receiver that is away holds nothing up.
 */
public final class CourseNotices {
  private static final Duration LONGEST = Duration.ofDays(2);

  /** Under this, the journal keeps what another run of the workflow needs. */
  private static final String TOLD = "told";

  private final Course course;
  private final Set<String> told = new LinkedHashSet<>();
  private List<NoticeReceiver> receivers = List.of();
  private int starting;
  private int stops;

  /**
   * What another run of the workflow needs: a notice's id is never used twice.
   *
   * @param told ids of the notices so far
   * @param stops how often it stopped
   */
  record Told(List<String> told, Integer stops) {
    Told {
      told = List.copyOf(told);
    }
  }

  /** Those of a course, which also learns what became of them. */
  public CourseNotices(Course course) {
    this.course = course;
    Optional<Told> before = course.journal().find(TOLD, Told.class);
    if (before.isPresent()) {
      told.addAll(before.get().told());
      stops = before.get().stops();
    }
    course.journal().keep(TOLD, () -> new Told(List.copyOf(told), stops));
    course.messages().tells(this::report);
    course.restsWhen(() -> starting == 0);
  }

  /** What tells the next stop from others. */
  public String nextStop() {
    stops++;
    return "stop-" + stops;
  }

  /** Who is told, now that it is known. */
  public void receivers(List<NoticeReceiver> all) {
    receivers = all;
  }

  /**
   * Tells them.
   *
   * @param which what tells it from others of its kind; empty for one of which there is one
   * @param notice makes it, by its id
   */
  public void tell(NoticeKind kind, String which, Function<String, Notice> notice) {
    List<String> names =
        receivers.stream()
            .filter(one -> one.on().contains(kind))
            .map(NoticeReceiver::name)
            .toList();
    String id =
        Workflow.getInfo().getWorkflowId()
            + "/"
            + kind.word()
            + (which.isEmpty() ? "" : "/" + which);
    if (names.isEmpty() || !told.add(id)) {
      return;
    }
    Notice made = notice.apply(id);
    starting++;
    Workflow.newDetachedCancellationScope(() -> Async.procedure(() -> deliver(made, names))).run();
  }

  /** Waits until all are handed over: whoever ends before takes them along. */
  public void handedOver() {
    Workflow.await(() -> starting == 0);
  }

  private void deliver(Notice notice, List<String> names) {
    try {
      NoticeWorkflow workflow = workflow(notice);
      Promise<List<NoticeReport>> delivered =
          Async.function(workflow::deliver, new NoticeStart(notice, names));
      Workflow.getWorkflowExecution(workflow)
          .handle((execution, failure) -> {
            starting--;
            return execution;
          });
      delivered.get();
    } catch (ChildWorkflowFailure failure) {
      if (!(failure.getCause() instanceof WorkflowExecutionAlreadyStarted)) {
        course.notice(
            "nobody was notified (" + notice.kind().word() + "): " + failure.getMessage());
      }
    }
  }

  /**
   * Takes the word of a notice's workflow: what has not arrived is told here.
   *
   * @return whether it is about a notice of this workflow
   */
  private boolean report(NoticeReport report) {
    if (!told.contains(report.notice())) {
      return false;
    }
    if (report.problem() != null) {
      course.notice(report.receiver() + " was not notified: " + report.problem());
    }
    return true;
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
            .setStaticSummary(Markdown.summary("tell people: " + notice.kind().word()))
            .build());
  }
}
