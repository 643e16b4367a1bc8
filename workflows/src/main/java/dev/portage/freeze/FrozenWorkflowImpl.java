package dev.portage.freeze;

import dev.portage.temporal.TimedWait;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.DetailsPage;
import dev.portage.text.Line;
import dev.portage.text.Page;
import dev.portage.text.Page.Section;
import dev.portage.text.Span;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** See {@link FrozenWorkflow}. */
public class FrozenWorkflowImpl implements FrozenWorkflow {

  /** How long it stays when nobody is held up: the next may be about to come. */
  private static final Duration IDLE = Duration.ofMinutes(1);

  /** Told at once; each then reads what is left, which is a call to the workspace. */
  private static final int AT_ONCE = 100;

  /** Between two such crowds. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Further ones find out by themselves: the state must fit into a payload. */
  private static final int MOST = 4_000;

  private final Map<String, Instant> held = new LinkedHashMap<>();
  private final Set<String> toTell;

  /** The state exists before the first signal is handled. */
  @WorkflowInit
  public FrozenWorkflowImpl(@Nullable FrozenState given) {
    FrozenState state = Objects.requireNonNullElse(given, FrozenState.empty());
    state.held().forEach(one -> held.put(one.promotion(), one.until()));
    toTell = new LinkedHashSet<>(state.toTell());
  }

  @Override
  public void run(@Nullable FrozenState given) {
    CancellationScope whole = CancellationScope.current();
    // A cancel is ignored: those held up still are.
    Workflow.newDetachedCancellationScope(() -> serve(whole)).run();
    if (!held.isEmpty() || !toTell.isEmpty()) {
      Workflow.newContinueAsNewStub(FrozenWorkflow.class).run(state());
    }
  }

  /** Until nobody is held up, or the history is long enough to continue in a new run. */
  private void serve(CancellationScope whole) {
    while (!isLong(whole)) {
      show();
      if (!toTell.isEmpty()) {
        tell();
        if (!toTell.isEmpty()) {
          Workflow.sleep(PAUSE);
        }
      } else if (held.isEmpty()) {
        if (!TimedWait.await(IDLE, "end if no promotion is held up", this::hasSomebody)) {
          return;
        }
      } else {
        Instant last = last();
        Supplier<Boolean> something =
            () -> !toTell.isEmpty() || last().isAfter(last) || isLong(whole);
        Duration left = Duration.between(now(), last);
        if (!left.isPositive()
            || !TimedWait.await(left, "wait for the last freeze to end", something)) {
          forgetWhoContinues();
        }
      }
    }
  }

  /** Temporal closes a cancelled one as soon as it continues as new, so that one stays. */
  private static boolean isLong(CancellationScope whole) {
    return Workflow.getInfo().isContinueAsNewSuggested() && !whole.isCancelRequested();
  }

  private boolean hasSomebody() {
    return !held.isEmpty() || !toTell.isEmpty();
  }

  private Instant last() {
    return held.values().stream().max(Comparator.naturalOrder()).orElse(Instant.MIN);
  }

  private void tell() {
    List<String> next = toTell.stream().limit(AT_ONCE).toList();
    List<Promise<Void>> told =
        next.stream().map(promotion -> Async.procedure(() -> tell(promotion))).toList();
    told.forEach(Promise::get);
    next.forEach(toTell::remove);
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

  /** Those whose freezes have ended in time. */
  private void forgetWhoContinues() {
    Instant now = now();
    held.values().removeIf(until -> !now.isBefore(until));
  }

  @Override
  public void hold(@Nullable Held one) {
    if (one != null
        && one.isPromotion()
        && (held.size() < MOST || held.containsKey(one.promotion()))) {
      held.put(one.promotion(), one.until());
      show();
    }
  }

  @Override
  public void ended() {
    forgetWhoContinues();
    // Who is still held up by another freeze announces itself again.
    toTell.addAll(held.keySet());
    held.clear();
  }

  @Override
  public FrozenState state() {
    List<Held> all = new ArrayList<>();
    held.forEach((promotion, until) -> all.add(new Held(promotion, until)));
    return new FrozenState(all, List.copyOf(toTell));
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }

  /** For the Web UI. */
  private void show() {
    Workflow.setCurrentDetails(
        DetailsPage.of(
            new Page(
                Line.text(Workflow.getInfo().getWorkflowId()),
                List.of(
                    new Paragraph(
                        Line.words(
                            hasSomebody()
                                ? "Promotions that wait for the end of a freeze."
                                : "No promotion waits for the end of a freeze."))),
                hasSomebody() ? List.of(waiting()) : List.of())));
  }

  private Section waiting() {
    List<String> all = new ArrayList<>(toTell);
    all.addAll(held.keySet());
    return Section.of(
        "Held up",
        new Items(
            all.stream().map(one -> Line.empty().and(new Span.Code(one))).toList(),
            true,
            Keep.ESSENTIAL));
  }
}
