package dev.portage.rollback;

import dev.portage.duplicates.Deduplication;
import dev.portage.failure.Failures;
import dev.portage.lane.Grant;
import dev.portage.lane.TurnRequest;
import dev.portage.live.LiveChange;
import dev.portage.live.LiveState;
import dev.portage.live.LiveThing;
import dev.portage.live.LiveThings;
import dev.portage.release.Release;
import dev.portage.release.WentLive;
import dev.portage.step.Course;
import dev.portage.step.EarlyEnd;
import dev.portage.step.Made;
import dev.portage.step.StepFailure;
import dev.portage.step.StepRunner;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The part of a rollback that changes what is live, in one turn: it looks again, and restores each
 * thing in the order in which a hop changes them. If one fails, those before it are put back to
 * what they were before the turn is given back and anyone is asked to resume: what is live is
 * either all old or all new.
 */
final class Restoring {

  /** Key in the journal of what was live before anything was changed. */
  static final String BEFORE = "before";

  /** Key in the journal of the release record of what is live now. */
  private static final String LIVE = "live";

  private final Course course;
  private final StepRunner steps;
  private final RollbackContext context;
  private final Findings looked;
  private final PuttingBack putting;
  private final SecondLook second;
  private final Deduplication deduplication;

  /**
   * What was live before anything was changed.
   *
   * @param states of every live thing
   */
  record Before(List<LiveState> states) {
    Before {
      states = List.copyOf(states);
    }
  }

  /**
   * @param deduplication remembers what may have been created twice
   */
  Restoring(
      Course course,
      StepRunner steps,
      RollbackContext context,
      Findings looked,
      Deduplication deduplication) {
    this.course = course;
    this.steps = steps;
    this.context = context;
    this.looked = looked;
    this.putting = new PuttingBack(course, steps, context, deduplication);
    this.second = new SecondLook(course, context, looked, putting);
    this.deduplication = deduplication;
  }

  /**
   * Restores everything, however many turns that takes.
   *
   * @param underTurn what else is to be done before the turn is given back; whatever of it fails is
   *     repeated later
   * @return the record of what is live now
   * @throws EarlyEnd if what is live is no longer what was decided on; nothing was changed then
   */
  Release run(Consumer<Release> underTurn) {
    Optional<Release> known = course.journal().find(LIVE, Release.class);
    if (known.isPresent()) {
      return known.get();
    }
    try {
      steps.stoppedBefore(names()).ifPresent(steps::awaitResume);
      while (true) {
        try {
          return inOneTurn(underTurn);
        } catch (StepFailure failure) {
          // A next run of the workflow would not know of duplicates.
          deduplication.atTheEnd().forEach(course::notice);
          steps.awaitResume(putting.and(failure));
        }
      }
    } catch (TemporalFailure cancelled) {
      // Before settling, which may wait for a person for days.
      deduplication.atTheEnd().forEach(course::notice);
      Workflow.newDetachedCancellationScope(this::settle).run();
      throw cancelled;
    }
  }

  /** Before a cancelled rollback ends, a person is waited for if something was not put back. */
  private void settle() {
    Optional<Before> half = course.journal().find(BEFORE, Before.class);
    while (half.isPresent() && !course.journal().has(LIVE)) {
      try {
        putting.awaitPerson();
      } catch (EarlyEnd late) {
        return;
      }
      putBackInATurn(half.get().states());
      half = course.journal().find(BEFORE, Before.class);
    }
  }

  private void putBackInATurn(List<LiveState> before) {
    List<LiveThing> changed =
        LiveThings.known().all().stream()
            .filter(thing ->
                looked.desired().stream().anyMatch(state -> state.thing().equals(thing.name())))
            .toList();
    TurnRequest turn;
    try {
      turn =
          context.turns().take(context.workspace(), context.model(), course.nextRun()::meanwhile);
    } catch (TemporalFailure refused) {
      course.notice("the turn was not granted, so nothing was put back: " + Failures.line(refused));
      return;
    }
    try {
      String version = LiveThings.champion(context).version();
      boolean settled =
          second.isOurs(version)
              ? putting.all(changed, before)
              : second.isLeftToOthers(version, before);
      if (settled) {
        course.journal().forget(BEFORE);
      }
    } catch (TemporalFailure blind) {
      course.notice("what is live can't be read, so nothing was put back: " + Failures.line(blind));
    } finally {
      context.turns().giveBack(turn);
    }
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(List.of(RollbackSteps.TURN));
    LiveThings.known().all().forEach(thing -> names.add(thing.name()));
    return names;
  }

  private Release inOneTurn(Consumer<Release> underTurn) {
    TurnRequest turn = null;
    try {
      turn =
          steps.once(
              RollbackSteps.TURN,
              context.workspace(),
              attempt ->
                  Made.of(
                      context
                          .turns()
                          .take(context.workspace(), context.model(), course.nextRun()::meanwhile),
                      "the turn of " + context.model() + " in " + context.workspace()));
      // What an earlier turn found may have been changed since, so its settings are not there any
      // more.
      boolean first = course.journal().find(BEFORE, Before.class).isEmpty();
      List<LiveState> before = new ArrayList<>(second.look());
      List<WentLive> order = new ArrayList<>();
      List<LiveState> since =
          new RestoringInOrder(course, steps, context, putting, deduplication)
              .restore(looked.desired(), before, first, order);
      Release release = release(before, since, order);
      course.journal().put(LIVE, release);
      course.pastNoReturn();
      // From here on everything is as it was recorded, so no cancel is heard.
      Workflow.newDetachedCancellationScope(() -> underTurn.accept(release)).run();
      return release;
    } finally {
      if (turn != null) {
        context.turns().giveBack(turn);
      }
    }
  }

  private Release release(List<LiveState> before, List<LiveState> since, List<WentLive> order) {
    Grant held = context.grant();
    Release target = looked.target();
    Release.Builder release =
        Release.of(
                context.holder(),
                context.workspace(),
                context.model(),
                target.version(),
                target.digest(),
                Instant.ofEpochMilli(Workflow.currentTimeMillis()))
            .commit(target.commit())
            .job(target.jobId(), target.jobRunsAs())
            .turn(held == null ? null : held.number())
            .order(order)
            .states(since, before);
    // As it is since: a job that was created again has another id than the one that was released.
    for (LiveState now : since) {
      LiveThings.known()
          .named(now.thing())
          .record(release, new LiveChange(StateMatch.of(now.thing(), before), now));
    }
    // What was cut off had moved the champion already.
    release.previousVersion(looked.previous());
    return release.build();
  }
}
