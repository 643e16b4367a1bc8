package dev.portage.rollback;

import dev.portage.activity.LostAnswers;
import dev.portage.duplicates.Deduplication;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.live.LiveChange;
import dev.portage.live.LiveState;
import dev.portage.live.LiveThing;
import dev.portage.live.Restored;
import dev.portage.step.Course;
import dev.portage.step.StepFailure;
import dev.portage.step.StepRunner;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts back what a rollback has changed, when it fails or is cancelled before its point of no
 * return. What can't be put back is left to a person: the problem that the rollback stops with has
 * its state, and the command that puts it back.
 */
final class PuttingBack {

  private final Course course;
  private final StepRunner steps;
  private final RollbackContext context;
  private final Deduplication deduplication;
  private final List<String> unsettled = new ArrayList<>();

  /**
   * @param deduplication remembers what may have been created twice
   */
  PuttingBack(
      Course course, StepRunner steps, RollbackContext context, Deduplication deduplication) {
    this.course = course;
    this.steps = steps;
    this.context = context;
    this.deduplication = deduplication;
  }

  /**
   * Puts things back, in reverse, even after a cancel.
   *
   * @param before how they were
   * @return whether all are as they were
   */
  boolean all(List<LiveThing> changed, List<LiveState> before) {
    unsettled.clear();
    Workflow.newDetachedCancellationScope(() ->
            changed.reversed().forEach(thing -> one(thing, StateMatch.of(thing.name(), before))))
        .run();
    return unsettled.isEmpty();
  }

  private void one(LiveThing thing, LiveState state) {
    long began = Workflow.currentTimeMillis();
    try {
      Restored put = thing.putBack(context, state);
      thing.duplicates(context, put).ifPresent(deduplication::remember);
      if (put.outcome() != Restored.Outcome.UNCHANGED) {
        course.notice(thing.name() + " was put back: " + put.text());
      }
    } catch (TemporalFailure failure) {
      if (isAsBefore(thing, state, began)) {
        course.notice(
            thing.name() + " was put back, although the response was: " + Failures.line(failure));
        return;
      }
      String text =
          thing.name()
              + " in "
              + context.workspace()
              + " could not be put back to: "
              + state.text()
              + "; response: "
              + Failures.line(failure);
      course.notice(text);
      unsettled.add(text + byHand(thing, state));
    }
  }

  /** Whether a thing was put back although that failed; false if it can't be read. */
  private boolean isAsBefore(LiveThing thing, LiveState state, long began) {
    try {
      return lookFor(thing, state, began).isPresent();
    } catch (TemporalFailure blind) {
      return false;
    }
  }

  /**
   * A thing as it is, if it is as desired, at once or when a late request may have made it so.
   *
   * @param began when it was first tried, in milliseconds of the workflow's clock
   */
  Optional<LiveState> lookFor(LiveThing thing, LiveState desired, long began) {
    return LostAnswers.lookFor(
        began,
        () ->
            Optional.of(LiveNow.observe(context, thing, List.of(desired)))
                .filter(now -> StateMatch.same(now, desired)));
  }

  /**
   * Leaves things as they are, since they may be somebody else's by now. What is not as it was
   * before is left to a person, like what could not be put back.
   *
   * @param before how they were
   */
  void leave(List<LiveThing> things, List<LiveState> before) {
    unsettled.clear();
    for (LiveThing thing : things) {
      Optional<LiveState> was =
          before.stream().filter(state -> state.thing().equals(thing.name())).findFirst();
      if (was.isPresent() && !LiveNow.isLast(thing) && !isAsBefore(thing, was.get())) {
        unsettled.add(
            thing.name()
                + " in "
                + context.workspace()
                + " was not put back to: "
                + was.get().text()
                + byHand(thing, was.get()));
      }
    }
  }

  private boolean isAsBefore(LiveThing thing, LiveState was) {
    try {
      return StateMatch.same(LiveNow.observe(context, thing, List.of(was)), was);
    } catch (TemporalFailure blind) {
      return false;
    }
  }

  private String byHand(LiveThing thing, LiveState before) {
    try {
      LiveState now = LiveNow.observe(context, thing, List.of(before));
      String is = "; now it is: " + now.text();
      return now.present()
          ? is
              + ". To put it back by hand: "
              + thing.byHand(context, new LiveChange(before, now), now)
          : is;
    } catch (TemporalFailure blind) {
      return "; what it is now can't be read: " + Failures.line(blind);
    }
  }

  /**
   * The failure of a step, with what a person has to put right. While there is such a thing, the
   * rollback waits for a person, whatever the failure is.
   */
  StepFailure and(StepFailure failure) {
    return new StepFailure(failure.step(), and(failure.problem()), failure.endedForGood());
  }

  /** The same, for a problem. */
  Problem and(Problem problem) {
    Problem all =
        unsettled.isEmpty() || problem.kind() != FailureKind.FATAL
            ? problem
            : Problem.of(
                FailureKind.USER,
                problem.tried(),
                problem.where(),
                problem.cameBack(),
                problem.remedy());
    for (String one : unsettled) {
      all = all.and(one);
    }
    return all;
  }

  /**
   * Waits for a person, without the turn, since the rollback must not end while anything is not as
   * it was.
   *
   * @throws dev.portage.step.EarlyEnd if no order to try again comes
   */
  void awaitPerson() {
    String what =
        unsettled.isEmpty()
            ? "it is not known whether all is as before; see the notices"
            : String.join("; ", unsettled);
    course.notice("the rollback was cancelled, but waits until all is put back");
    steps.awaitResume(
        new StepFailure(
            RollbackSteps.TURN,
            Problem.of(
                FailureKind.USER,
                "put back what this rollback changed",
                "workspace " + context.workspace(),
                what,
                "Remove the cause or put it back by hand; then: portage resume "
                    + context.holder()),
            false));
  }
}
