package dev.portage.step;

import dev.portage.approval.ApprovalDesk;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.lane.Turns;
import dev.portage.temporal.Memos;
import dev.portage.temporal.PromotionAttributes;
import dev.portage.text.Bounded;
import dev.portage.text.DetailsPage;
import dev.portage.text.Page;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A workflow that consists of steps, such as a rollback or an adoption: its state, its page and
 * search attributes, orders to resume it, approvals where it asks for them, its turns, and how it
 * ends.
 *
 * <p>To be made in the constructor of the workflow ({@code @WorkflowInit}), so that it exists
 * before the first message; then {@link #run} from its method.
 */
public final class Course implements StepHost, StepWatcher {

  /** The type of the failure that such a workflow ends with; its detail is the workflow's view. */
  public static final String FAILED = "StepsFailed";

  /** The first and the last of more. */
  private static final int NOTICES_KEPT = 100;

  private final String id = Workflow.getInfo().getWorkflowId();
  private final Supplier<Page> page;
  private final @Nullable CourseState before;
  private final Instant started;
  private final List<String> notices = new ArrayList<>();
  private final StepList list;
  private final Journal journal;
  private final ApprovalDesk desk;
  private final Turns turns;
  private final CourseMessages messages;

  private CourseView.State state = CourseView.State.RUNNING;
  private String says = "starting";
  private @Nullable Problem problem;
  private @Nullable Instant ended;
  private boolean changed;
  private Runnable whenStopped = () -> {};
  private Runnable whenEnded = () -> {};
  private Supplier<Boolean> rest = () -> true;
  private @Nullable LateCancel lateCancel;
  private @Nullable NextRun nextRun;
  private @Nullable StepRunner runner;
  private @Nullable String writtenStep;
  private CourseView.@Nullable State writtenState;

  /**
   * One that begins, or that continues from another run of the workflow.
   *
   * @param page what the Web UI shows, made of {@link #view}; see {@link CoursePage}
   * @param before what an earlier run hands on, null in the first
   */
  public Course(Supplier<Page> page, @Nullable CourseState before) {
    this.page = page;
    this.before = before;
    StepsState steps = before == null ? null : before.steps();
    list = new StepList(this, steps);
    journal = new Journal(steps);
    desk = before == null ? new ApprovalDesk(List.of()) : new ApprovalDesk(before.desk());
    turns = before == null ? new Turns(null, 0) : new Turns(before.turn(), before.turns());
    messages = new CourseMessages(desk, turns, this, before == null ? 0 : before.messages());
    if (before == null) {
      started = now();
    } else {
      started = before.shown().started();
      state = before.shown().state();
      says = before.shown().says();
      problem = before.shown().problem();
      notices.addAll(before.shown().notices());
    }
    messages.listen();
  }

  /**
   * Runs the steps to the end, however it comes.
   *
   * @param <V> the workflow's result, and the answer to its query
   * @param start what the workflow was started with: the next run is, too
   * @param names of the steps, as far as they are known
   * @param work runs them, and returns the result in a line. What has to be undone when a step
   *     fails, or gone when it ends, is its own
   * @param view the workflow's own view
   */
  public <V> V run(
      Object start, List<String> names, Function<StepRunner, String> work, Supplier<V> view) {
    NextRun waits = new NextRun(new CourseHandover(start));
    StepRunner steps =
        new StepRunner(this, journal, list, waits, before == null ? null : before.steps());
    nextRun = waits;
    runner = steps;
    Workflow.newDetachedCancellationScope(this::keepPublishing).run();
    list.toCome(names);
    CancellationScope whole = CancellationScope.current();
    lateCancel = new LateCancel(id, this::notice);
    try {
      String done = work.apply(steps);
      pastNoReturn();
      end(CourseView.State.DONE, done, null);
    } catch (EarlyEnd early) {
      waits.stays();
      throw failed(
          early instanceof Rejection ? CourseView.State.REJECTED : CourseView.State.FAILED,
          early.problem(),
          view);
    } catch (StepFailure failure) {
      waits.stays();
      throw failed(CourseView.State.FAILED, failure.problem(), view);
    } catch (TemporalFailure failure) {
      waits.stays();
      if (!whole.isCancelRequested()) {
        throw failed(
            CourseView.State.FAILED,
            Failures.problemOf(failure, "step " + list.current(), id),
            view);
      }
      cancelled(whole.getCancellationReason());
      throw failure;
    }
    finish();
    return view.get();
  }

  private void cancelled(@Nullable String reason) {
    String words = CancelWords.of(reason);
    end(
        CourseView.State.CANCELLED,
        words,
        Problem.of(
            FailureKind.CANCELLED,
            id,
            "step " + list.current(),
            words,
            "Start it again if needed."));
    // Temporal closes it as cancelled, and such a close keeps no result.
    Workflow.upsertMemo(Map.of(Memos.SAYS, says));
    finish();
  }

  private <V> ApplicationFailure failed(CourseView.State how, Problem what, Supplier<V> view) {
    end(how, what.cameBack(), what);
    finish();
    return Failures.withoutStack(
        ApplicationFailure.newBuilder()
            .setType(FAILED)
            .setMessage(Bounded.lines(what.message(), Bounded.MESSAGE))
            .setDetails(view.get())
            .setNonRetryable(true)
            .build());
  }

  private void end(CourseView.State how, String text, @Nullable Problem what) {
    ended = now();
    state = how;
    says = text;
    problem = what;
  }

  /** The final page. Senders of messages still get their answers. */
  private void finish() {
    Workflow.newDetachedCancellationScope(
            () -> {
              whenEnded.run();
              Workflow.await(Workflow::isEveryHandlerFinished);
            })
        .run();
    publish();
  }

  /** All there is to say, at any time. */
  public CourseView view() {
    return new CourseView(
        id,
        state,
        says,
        started,
        ended,
        list.all(),
        problem,
        new CourseView.Told(notices, desk.refusals()));
  }

  /** Results of finished steps. */
  public Journal journal() {
    return journal;
  }

  /** Its side of lanes; its own query {@code turnWanted} answers {@link Turns#wanted}. */
  public Turns turns() {
    return turns;
  }

  /**
   * People are told of each stop.
   *
   * @param told must not wait
   */
  public void whenStopped(Runnable told) {
    whenStopped = told;
  }

  /**
   * People are told how it ended: called once, when {@link #view} says it.
   *
   * @param told may wait for a moment; no cancel is heard
   */
  public void whenEnded(Runnable told) {
    whenEnded = told;
  }

  /**
   * No other run takes over while something is just being handed to another workflow.
   *
   * @param isAtRest whether nothing is
   */
  void restsWhen(Supplier<Boolean> isAtRest) {
    rest = isAtRest;
  }

  /** Every step so far and to come. */
  public StepList list() {
    return list;
  }

  /** Where requests for approval are opened, and decisions and orders to resume arrive. */
  public ApprovalDesk desk() {
    return desk;
  }

  /**
   * People are asked, and waited for.
   *
   * @param what whom it waits for and until when, in one line
   */
  public void waits(String what) {
    state = CourseView.State.WAITING;
    says = what;
    changed = true;
  }

  /** Decisions and orders to resume it, that come as an Update. */
  public CourseMessages messages() {
    return messages;
  }

  /**
   * What it is for is done, so no cancel takes effect from now on: one that came or comes is a
   * notice. Only while it runs.
   */
  public void pastNoReturn() {
    Objects.requireNonNull(lateCancel, "it runs").begins();
  }

  /** Waits, and may continue in another run meanwhile. Only while it runs. */
  public NextRun nextRun() {
    return Objects.requireNonNull(nextRun, "it runs");
  }

  @Override
  public void stops(StepFailure failure) {
    desk.openStop();
    state = CourseView.State.STOPPED;
    says = "stopped at " + failure.step() + ": " + failure.problem().cameBack();
    problem = failure.problem();
    changed = true;
    whenStopped.run();
  }

  @Override
  public boolean isResumed() {
    return desk.isResumed();
  }

  @Override
  public void stopEnds() {
    desk.closeStop();
  }

  @Override
  public EarlyEnd gaveUp(Problem what) {
    return new EarlyEnd(what);
  }

  @Override
  public void notice(String text) {
    notices.add(text);
    if (notices.size() > NOTICES_KEPT) {
      notices.remove(NOTICES_KEPT / 2);
    }
    changed = true;
  }

  @Override
  public void running(String what) {
    state = CourseView.State.RUNNING;
    says = what;
    problem = null;
    changed = true;
  }

  @Override
  public void changed() {
    changed = true;
  }

  @Override
  public void ended(String step, StepView.State how, Duration took) {
    changed = true;
  }

  /** Once everything in a workflow task has happened: a page for each message would be too slow. */
  private void keepPublishing() {
    Async.procedure(() -> {
      while (true) {
        Workflow.await(() -> changed);
        publish();
      }
    });
  }

  private void publish() {
    changed = false;
    Workflow.setCurrentDetails(DetailsPage.of(page.get()));
    String step = list.current();
    if (step != null && !step.equals(writtenStep)) {
      writtenStep = step;
      Workflow.upsertTypedSearchAttributes(
          PromotionAttributes.STEP.valueSet(PromotionAttributes.keyword(step)));
    }
    if (state != writtenState) {
      writtenState = state;
      Workflow.upsertTypedSearchAttributes(PromotionAttributes.STATE.valueSet(state.name()));
    }
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }

  /** Messages are applied as they come, so nothing is ever under way but its steps. */
  private final class CourseHandover implements Handover {
    private final Object start;

    private CourseHandover(Object start) {
      this.start = start;
    }

    @Override
    public boolean isAtRest() {
      return rest.get();
    }

    @Override
    public void pause() {}

    @Override
    public boolean isPaused() {
      return true;
    }

    @Override
    public void goesOn() {}

    @Override
    public void stays(String why) {
      notice(why);
    }

    @Override
    public List<Object> arguments() {
      return List.of(
          start,
          new CourseState(
              Objects.requireNonNull(runner, "it runs").state(),
              desk.state(),
              new CourseState.Shown(state, says, started, notices, problem),
              turns.wanted(),
              turns.asked(),
              messages.count()));
    }

    @Override
    public Map<String, Object> memo() {
      return Map.of(Memos.STARTED, started.toString());
    }
  }
}
