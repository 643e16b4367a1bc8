package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.registry.Champion;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marked;
import dev.portage.registry.RegistryActivities;
import dev.portage.settings.Station;
import dev.portage.step.Made;
import dev.portage.step.StepFailure;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Step {@code champion}: the point of no return. Attempted for a bounded time, since it holds a
 * turn; if it fails, it checks whether the champion moved all the same.
 */
final class ChampionMove {

  private final Journey journey;
  private final Station target;
  private final Evaluation evaluation;
  private final Hop.Arrived arrived;
  private final String step;
  private boolean known = true;

  ChampionMove(Journey journey, Station target, Evaluation evaluation, Hop.Arrived arrived) {
    this.journey = journey;
    this.target = target;
    this.evaluation = evaluation;
    this.arrived = arrived;
    this.step = StepNames.hop(target, StepNames.CHAMPION);
  }

  /**
   * The champion is ours.
   *
   * @param replaced version that it was before, as the move itself found it; null for none
   */
  record Moved(@Nullable String replaced) {}

  /**
   * Moves it.
   *
   * @param settled whether it was made sure under this turn that there is one version
   * @throws StepFailure when it did not move, or when that is not known
   */
  Moved run(boolean settled) {
    return journey
        .steps()
        .once(
            step,
            target.workspace(),
            attempt -> {
              if (!settled) {
                settle();
              }
              Marked marked = mark();
              Moved moved = new Moved(replaced(marked));
              return new Made<>(
                  moved,
                  marked.mark()
                      + " "
                      + (moved.replaced() == null ? "nothing" : moved.replaced())
                      + " → "
                      + version(),
                  arrived.version().page());
            });
  }

  /**
   * Whether it is known where the champion is. If not, nothing may be restored: it could be
   * restored under the new champion.
   */
  boolean isKnown() {
    return known;
  }

  /** Notes that another run of the workflow did not know it. */
  void isNotKnown() {
    known = false;
  }

  /** Records that it was read under one of our turns, so that what was unknown is known now. */
  void isSeen() {
    known = true;
  }

  /** Reads again; empty if it still can't be read. Call it where no cancel takes effect. */
  Optional<Boolean> recheck() {
    try {
      boolean ours = isOurs(evaluation.live().championWithoutWaiting());
      known = true;
      return Optional.of(ours);
    } catch (TemporalFailure blind) {
      return Optional.empty();
    }
  }

  /** Notes that it was found ours, moved by a try whose answer was never heard. */
  Moved found() {
    known = true;
    String before = evaluation.championVersion();
    journey.progress().steps().begin(step, 1);
    journey
        .progress()
        .steps()
        .done(
            step,
            target.marking().live() + " is version " + version() + " already",
            arrived.version().page());
    return new Moved(version().equals(before) ? null : before);
  }

  /**
   * A second version of the same key may exist for seconds; none is left when the turn is given
   * back.
   */
  void settle() {
    registry("make sure there is only one version").settleVersion(arrived.order());
  }

  private Marked mark() {
    long began = Workflow.currentTimeMillis();
    try {
      return registry(target.marking().live() + " becomes version " + version()).mark(order());
    } catch (TemporalFailure failure) {
      if (wasMoved(began, failure)) {
        journey
            .progress()
            .notice(
                target.marking().live()
                    + " of "
                    + target.model()
                    + " in "
                    + target.workspace()
                    + " is version "
                    + version()
                    + ", although the response to moving it was: "
                    + Failures.line(failure));
        return new Marked(target.marking().live(), version(), version());
      }
      throw failure;
    }
  }

  private MarkOrder order() {
    return new MarkOrder(
        target.workspace(),
        target.model(),
        version(),
        target.marking(),
        target.marking().live(),
        journey.turns().inHand());
  }

  private boolean wasMoved(long began, TemporalFailure failure) {
    try {
      return LostAnswers.lookFor(
              began, () -> evaluation.live().championWithoutWaiting().filter(this::isOurs))
          .isPresent();
    } catch (TemporalFailure blind) {
      known = false;
      throw new StepFailure(
          step,
          Problem.of(
              FailureKind.PLATFORM,
              "move " + target.marking().live() + " of " + target.model() + " to " + version(),
              "workspace " + target.workspace(),
              "unknown whether it moved, so nothing was undone. Moving it: "
                  + Failures.line(failure)
                  + ". Reading it: "
                  + Failures.line(blind),
              "Check which version is champion there; once it can be read: portage resume "
                  + journey.id()),
          false);
    }
  }

  /**
   * A move that finds itself done says nothing about before; that was recorded when it was read.
   */
  private @Nullable String replaced(Marked marked) {
    if (!marked.version().equals(marked.previous())) {
      return marked.previous();
    }
    String before = evaluation.championVersion();
    return version().equals(before) ? null : before;
  }

  private boolean isOurs(Optional<Champion> champion) {
    return champion.filter(this::isOurs).isPresent();
  }

  private boolean isOurs(Champion champion) {
    return version().equals(champion.version().version());
  }

  private RegistryActivities registry(String summary) {
    return Stubs.quick(
        RegistryActivities.class,
        Queues.of(target.workspace()),
        journey.settings().retryTimeout(),
        summary);
  }

  private String version() {
    return arrived.version().version();
  }
}
