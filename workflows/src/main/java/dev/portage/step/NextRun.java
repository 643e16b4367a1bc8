package dev.portage.step;

import dev.portage.temporal.Payloads;
import dev.portage.temporal.TimedWait;
import dev.portage.text.Markdown;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.ContinueAsNewOptions;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Continues in another run of the workflow when the history of this one is long. Anyone who may
 * send a workflow a signal can fill its history, and Temporal ends a run whose history is full.
 * This starts long before that: from then on, each wait that holds nothing hands everything to the
 * next run, which continues where this one stopped.
 */
public final class NextRun {

  /** Of what is handed over. Temporal takes 2 MiB, and warns from 256 KiB on. */
  private static final int MOST_BYTES = 1_500_000;

  /**
   * By so much a history may grow. Temporal itself says that it is long from 4 MB or 4,096 events
   * on; but a worker that has lost a workflow reads its whole history again, and while large
   * messages come quickly it must be faster than they.
   */
  private static final long GROWTH_BYTES = 1 << 20;

  private static final long GROWTH_EVENTS = 2_000;

  private final long begunWith = Workflow.getInfo().getHistorySize();
  private final CancellationScope whole = CancellationScope.current();
  private final Handover handover;
  private long looked;
  private boolean stays;

  /**
   * To be made where the workflow's own scope is the current one.
   *
   * @param handover what there is to hand over
   */
  public NextRun(Handover handover) {
    this.handover = handover;
  }

  /**
   * Waits for a condition, at most this long, and may continue as a new run in the meantime: then
   * it never returns. The caller must get here again from what is carried over.
   *
   * @param summary what the timer is for, for people
   * @return whether it came
   */
  public boolean await(Duration longest, String summary, Supplier<Boolean> condition) {
    return TimedWait.await(longest, summary, condition, this::until);
  }

  /** The same without an end. */
  public void until(Supplier<Boolean> condition) {
    Workflow.await(() -> condition.get() || isLong());
    while (!condition.get()) {
      handOver(condition);
      Workflow.await(() -> condition.get() || isLong());
    }
  }

  /**
   * Waits for an activity that only waits itself: the next run of the workflow schedules it again,
   * and this run's ends on its own.
   */
  public <T> T meanwhile(Functions.Func<T> activity) {
    Promise<T> answer = Async.function(activity);
    // A cancel ends the activity, and that may take its time.
    Workflow.newDetachedCancellationScope(() -> until(answer::isCompleted)).run();
    return answer.get();
  }

  /** From now on this run continues to its end: its state can't be carried over. */
  public void stays() {
    stays = true;
  }

  /** Temporal closes a cancelled run as soon as it continues as new, so a cancelled one stays. */
  private boolean isLong() {
    return !stays
        && (Workflow.getInfo().isContinueAsNewSuggested()
            || Workflow.getInfo().getHistoryLength() > GROWTH_EVENTS
            || Workflow.getInfo().getHistorySize() - begunWith > GROWTH_BYTES)
        && Workflow.getInfo().getHistoryLength() > looked
        && !whole.isCancelRequested()
        && handover.isAtRest();
  }

  private void handOver(Supplier<Boolean> condition) {
    looked = Workflow.getInfo().getHistoryLength();
    handover.pause();
    try {
      Workflow.await(() ->
          condition.get()
              || (handover.isPaused() && Workflow.isEveryHandlerFinished() && handover.isAtRest()));
    } catch (TemporalFailure cancelled) {
      handover.goesOn();
      throw cancelled;
    }
    if (!condition.get()) {
      goOn();
    }
    handover.goesOn();
  }

  private void goOn() {
    List<Object> arguments = handover.arguments();
    int bytes = arguments.stream().mapToInt(NextRun::bytes).sum();
    if (bytes > MOST_BYTES) {
      stays();
      handover.stays(
          "its history is long, but it can't continue as a new run: it would have to carry over "
              + bytes
              + " bytes; the limit is "
              + MOST_BYTES
              + "; Temporal ends it at 50 MB or 51,200 events");
      return;
    }
    Workflow.setCurrentDetails(formerRun(Workflow.getInfo().getWorkflowId()));
    Workflow.continueAsNew(
        ContinueAsNewOptions.newBuilder().setMemo(handover.memo()).build(), arguments.toArray());
  }

  /** What the Web UI shows of a run that another one has taken over from: links may lead to it. */
  private static String formerRun(String workflow) {
    return "## This run has ended; it continues in a newer one\n\n"
        + "Open the newest run of "
        + Markdown.code(workflow)
        + " in the list of workflows, or run "
        + Markdown.code("portage status " + workflow)
        + ".\n";
  }

  private static int bytes(Object part) {
    return Payloads.dataConverter().toPayload(part).map(p -> p.getSerializedSize()).orElse(0);
  }
}
