package dev.portage.underway;

import dev.portage.activity.Stubs;
import dev.portage.failure.Failures;
import dev.portage.temporal.CurrentPage;
import dev.portage.temporal.Queues;
import dev.portage.temporal.TimedWait;
import dev.portage.text.DetailsPage;
import dev.portage.text.Line;
import dev.portage.text.Page;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowLock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** See {@link UnderwayWorkflow}. */
public class UnderwayWorkflowImpl implements UnderwayWorkflow {

  /** How long it stays when nobody is under way: the next may be about to come. */
  private static final Duration IDLE = Duration.ofMinutes(1);

  /** Between two looks at who still runs; a terminated promotion doesn't sign off. */
  private static final Duration LOOK = Duration.ofDays(1);

  private static final Duration TO_LOOK = Duration.ofHours(1);

  private final Contest contest;
  private final WorkflowLock lock = Workflow.newWorkflowLock();
  private final Map<String, Superseded> toTell = new TreeMap<>();

  /** Once is enough: one that holds a turn ends later, or is released. */
  private final Set<String> told = new HashSet<>();

  private final Deque<Left> left = new ArrayDeque<>();
  private final CurrentPage page = new CurrentPage(this::markdown);
  private boolean came;

  /** The state exists before the first message is handled. */
  @WorkflowInit
  public UnderwayWorkflowImpl(@Nullable UnderwayState given) {
    contest = new Contest(Objects.requireNonNullElse(given, UnderwayState.empty()));
  }

  @Override
  public void run(@Nullable UnderwayState given) {
    CancellationScope whole = CancellationScope.current();
    // A cancel is ignored: those under way still are.
    Workflow.newDetachedCancellationScope(() -> serve(whole)).run();
  }

  private void serve(CancellationScope whole) {
    page.keep();
    while (true) {
      Supplier<Boolean> something =
          () -> came || !toTell.isEmpty() || !left.isEmpty() || isLong(whole);
      if (contest.isEmpty()) {
        if (!something.get()
            && !TimedWait.await(IDLE, "end if no promotion comes", something)
            && Workflow.isEveryHandlerFinished()) {
          return;
        }
      } else if (!something.get()
          && !TimedWait.await(LOOK, "check which promotions still run", something)) {
        look();
      }
      came = false;
      strikeOff();
      tell();
      page.changed();
      if (isLong(whole)) {
        // Telling takes a while, and whoever signs off meanwhile is not in the state.
        while (!left.isEmpty() || !toTell.isEmpty() || !Workflow.isEveryHandlerFinished()) {
          Workflow.await(Workflow::isEveryHandlerFinished);
          strikeOff();
          tell();
        }
        Workflow.newContinueAsNewStub(UnderwayWorkflow.class).run(contest.state());
      }
    }
  }

  private static boolean isLong(CancellationScope whole) {
    return Workflow.getInfo().isContinueAsNewSuggested() && !whole.isCancelRequested();
  }

  private void strikeOff() {
    while (!left.isEmpty()) {
      Left one = left.removeFirst();
      told.remove(one.promotion());
      for (Contender older : contest.leave(one, now())) {
        toTell.put(
            older.promotion(),
            new Superseded(one.promotion(), "a newer candidate went live meanwhile"));
      }
      toTell.remove(one.promotion());
    }
  }

  private void tell() {
    while (!toTell.isEmpty()) {
      String promotion = toTell.keySet().iterator().next();
      Superseded message = Objects.requireNonNull(toTell.remove(promotion), "it is there");
      if (!told.add(promotion)) {
        continue;
      }
      try {
        Workflow.newUntypedExternalWorkflowStub(promotion).signal(Superseded.SIGNAL, message);
      } catch (ApplicationFailure gone) {
        contest.forget(promotion);
      }
    }
  }

  private void look() {
    List<String> all = contest.promotions();
    List<String> running = running(all);
    all.stream().filter(one -> !running.contains(one)).forEach(contest::forget);
  }

  private static List<String> running(List<String> promotions) {
    return promotions.isEmpty()
        ? List.of()
        : Stubs.quick(
                UnderwayActivities.class,
                Queues.PORTAGE,
                TO_LOOK,
                "check which promotions still run")
            .runningOf(promotions);
  }

  @Override
  public Admitted enter(@Nullable Contender newcomer) {
    if (newcomer == null || !newcomer.isPromotion()) {
      throw Failures.withoutStack(
          ApplicationFailure.newNonRetryableFailure("it names no promotion", "Refused"));
    }
    lock.lock();
    try {
      // One that was terminated doesn't stand in anybody's way.
      List<String> rivals = contest.rivals(newcomer);
      List<String> running = running(rivals);
      rivals.stream().filter(one -> !running.contains(one)).forEach(contest::forget);
      // Whoever signed off before this one came counts no more, though others are still being told.
      strikeOff();
      Contest.Decided decided = contest.enter(newcomer);
      decided
          .ended()
          .forEach(older ->
              toTell.put(
                  older.promotion(),
                  new Superseded(newcomer.promotion(), newcomer.candidate() + " is newer")));
      came = true;
      return decided.answer();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void leave(@Nullable Left message) {
    if (message != null) {
      left.add(message);
    }
  }

  @Override
  public UnderwayState state() {
    return contest.state();
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }

  /** For the Web UI. */
  private String markdown() {
    List<Contender> all = contest.state().contenders();
    return DetailsPage.of(
        new Page(Line.text(Workflow.getInfo().getWorkflowId()), UnderwayPage.of(all), List.of()));
  }
}
