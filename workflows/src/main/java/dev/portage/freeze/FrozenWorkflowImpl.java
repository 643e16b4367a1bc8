package dev.portage.freeze;

import dev.portage.temporal.CurrentPage;
import dev.portage.temporal.TimedWait;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.DetailsPage;
import dev.portage.text.Line;
import dev.portage.text.Page;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** See {@link FrozenWorkflow}. */
public class FrozenWorkflowImpl implements FrozenWorkflow {

  /** How long it stays when nobody is held up: the next may be about to come. */
  private static final Duration IDLE = Duration.ofMinutes(1);

  /** Told at once; each then reads what is left, which is a call to the workspace. */
  private static final int AT_ONCE = 100;

  /** No timer is longer: a model is held until a person ends the hold. */
  private static final Duration LONGEST = Duration.ofDays(30);

  /** Between two such crowds. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final HeldUp heldUp;

  private final CurrentPage page = new CurrentPage(this::markdown);

  /** The state exists before the first signal is handled. */
  @WorkflowInit
  public FrozenWorkflowImpl(@Nullable FrozenState given) {
    heldUp = new HeldUp(Objects.requireNonNullElse(given, FrozenState.empty()));
  }

  @Override
  public void run(@Nullable FrozenState given) {
    CancellationScope whole = CancellationScope.current();
    // A cancel is ignored: those held up still are.
    Workflow.newDetachedCancellationScope(
            () -> {
              page.keep();
              serve(whole);
            })
        .run();
    page.show();
    if (!heldUp.isEmpty()) {
      Workflow.newContinueAsNewStub(FrozenWorkflow.class).run(state());
    }
  }

  /** Until nobody is held up, or the history is long enough to continue in a new run. */
  private void serve(CancellationScope whole) {
    while (!isLong(whole)) {
      if (heldUp.isAnybodyToTell()) {
        tell();
        if (heldUp.isAnybodyToTell()) {
          Workflow.sleep(PAUSE);
        }
      } else if (!heldUp.isAnybodyHeld()) {
        if (!TimedWait.await(IDLE, "end if no promotion is held up", () -> !heldUp.isEmpty())) {
          return;
        }
      } else {
        Instant last = heldUp.last();
        Supplier<Boolean> something =
            () -> heldUp.isAnybodyToTell() || heldUp.last().isAfter(last) || isLong(whole);
        Duration until = Duration.between(now(), last);
        Duration left = until.compareTo(LONGEST) < 0 ? until : LONGEST;
        if (!left.isPositive()
            || !TimedWait.await(left, "wait for the last freeze to end", something)) {
          heldUp.forgetWhoContinues(now());
          page.changed();
        }
      }
    }
  }

  /** Temporal closes a cancelled one as soon as it continues as new, so that one stays. */
  private static boolean isLong(CancellationScope whole) {
    return Workflow.getInfo().isContinueAsNewSuggested() && !whole.isCancelRequested();
  }

  private void tell() {
    List<Promise<Void>> told =
        heldUp.takeNext(AT_ONCE).stream()
            .map(promotion -> Async.procedure(() -> tell(promotion)))
            .toList();
    page.changed();
    told.forEach(Promise::get);
  }

  private static void tell(String promotion) {
    try {
      Workflow.newUntypedExternalWorkflowStub(promotion)
          .signal(
              Thawed.SIGNAL,
              new Thawed(
                  Workflow.getInfo().getWorkflowId().substring(FrozenWorkflow.idOf("").length())));
    } catch (ApplicationFailure gone) {
      // It has ended, or takes no more signals and finds out by itself.
    }
  }

  @Override
  public void hold(@Nullable Held one) {
    if (one != null) {
      heldUp.hold(one);
      page.changed();
    }
  }

  @Override
  public void ended() {
    heldUp.ended(now());
    page.changed();
  }

  @Override
  public FrozenState state() {
    return heldUp.state();
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }

  /** For the Web UI. */
  private String markdown() {
    return DetailsPage.of(
        new Page(
            Line.text(Workflow.getInfo().getWorkflowId()),
            List.of(
                new Paragraph(
                    Line.words(
                        heldUp.isEmpty()
                            ? "No promotion waits for the end of a freeze."
                            : "Promotions that wait for the end of a freeze."))),
            heldUp.sections()));
  }
}
