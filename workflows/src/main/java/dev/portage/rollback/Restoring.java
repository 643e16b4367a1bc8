package dev.portage.rollback;

import dev.portage.activity.Stubs;
import dev.portage.duplicates.Deduplication;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.lane.Grant;
import dev.portage.lane.TurnRequest;
import dev.portage.live.LiveChange;
import dev.portage.live.LiveState;
import dev.portage.live.LiveThing;
import dev.portage.live.LiveThings;
import dev.portage.live.Restored;
import dev.portage.live.SettingsRef;
import dev.portage.quarantine.QuarantineActivities;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import dev.portage.release.Release;
import dev.portage.release.WentLive;
import dev.portage.step.Course;
import dev.portage.step.EarlyEnd;
import dev.portage.step.Made;
import dev.portage.step.StepFailure;
import dev.portage.step.StepRunner;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The part of a rollback that changes what is live, in one turn: it looks again, and restores each
 * thing in the order in which a hop changes them. If one fails, those before it are put back to
 * what they were before the turn is given back and anyone is asked to resume: what is live is
 * either all old or all new.
 */
final class Restoring {

  /** Whoever goes back at once has just seen whether the target is refused. */
  private static final Duration LOOKS_AGAIN = Duration.ofMinutes(10);

  /** Others wait for the turn. */
  private static final Duration TO_LOOK = Duration.ofSeconds(30);

  /** Under this, the journal keeps what was live before anything was changed. */
  private static final String BEFORE = "before";

  /** Under this, the journal keeps what others had made live when a person was told of it. */
  private static final String OTHERS = "others";

  /** Under this, the journal keeps the record of what is live since. */
  private static final String LIVE = "live";

  private final Course course;
  private final StepRunner steps;
  private final RollbackContext context;
  private final Looked looked;
  private final PuttingBack putting;
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
      Looked looked,
      Deduplication deduplication) {
    this.course = course;
    this.steps = steps;
    this.context = context;
    this.looked = looked;
    this.putting = new PuttingBack(course, steps, context, deduplication);
    this.deduplication = deduplication;
  }

  /**
   * Until all is restored.
   *
   * @param underTurn what else is to be done before the turn is given back: it may fail, and is
   *     repeated later then
   * @return the record of what is live since
   * @throws EarlyEnd if what is live is no longer what it was decided on; nothing was changed then
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
          // Another run of the workflow would not know of them.
          deduplication.atTheEnd().forEach(course::notice);
          steps.awaitResume(putting.and(failure));
        }
      }
    } catch (TemporalFailure cancelled) {
      // To settle it a person may be waited for, for days.
      deduplication.atTheEnd().forEach(course::notice);
      Workflow.newDetachedCancellationScope(this::settle).run();
      throw cancelled;
    }
  }

  /** It ends, and what could not be put back would stay half done: a person is awaited first. */
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
      String version = LiveNow.champion(context).version();
      boolean settled =
          isOurs(version) ? putting.all(changed, before) : isLeftToOthers(version, before);
      if (settled) {
        course.journal().forget(BEFORE);
      }
    } catch (TemporalFailure blind) {
      course.notice("what is live can't be read, so nothing was put back: " + Failures.line(blind));
    } finally {
      context.turns().giveBack(turn);
    }
  }

  /** Whether a version is where this rollback began, or where it goes: nobody else moved it. */
  private boolean isOurs(@Nullable String version) {
    return Objects.equals(version, looked.plan().from()) || looked.plan().to().equals(version);
  }

  /**
   * Somebody else made another version live, while something that this rollback changed was not put
   * back. To put it back now would change what belongs to that version, so it stays as it is and a
   * person is told of it; an order to resume, given with that in view, leaves it so.
   *
   * @return whether a person has been told before
   */
  private boolean isLeftToOthers(@Nullable String version, List<LiveState> before) {
    putting.leave(LiveThings.known().all(), before);
    String now = RollbackPlan.version(version);
    boolean told = course.journal().find(OTHERS, String.class).filter(now::equals).isPresent();
    course.journal().put(OTHERS, now);
    course.notice(
        now
            + " was made live by somebody else, so nothing was put back"
            + (told ? "; it was ordered to leave the rest as it is" : ""));
    return told;
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
      List<LiveState> before = new ArrayList<>(lookAgain());
      List<WentLive> order = new ArrayList<>();
      List<LiveState> since = restoreAll(before, first, order);
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

  /** What is live now, before anything is changed under any turn of this rollback. */
  private List<LiveState> lookAgain() {
    List<LiveState> now;
    try {
      now = LiveNow.all(context, looked.known());
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      throw new StepFailure(
          RollbackSteps.TURN,
          Failures.problemOf(failure, "look at what is live", "workspace " + context.workspace()),
          false);
    }
    Optional<Before> kept = course.journal().find(BEFORE, Before.class);
    String version = now.getLast().version();
    if (kept.isPresent() && !isOurs(version)) {
      throw changedByOthers(version, kept.get().states());
    }
    if (kept.isEmpty() && !Objects.equals(version, looked.plan().from())) {
      throw new EarlyEnd(
          changed(
              version,
              "Nothing was changed. Run the command again: it shows what it would do now."));
    }
    if (kept.isEmpty()) {
      requireNotRefusedSince();
    }
    return kept.map(Before::states).orElse(now);
  }

  /**
   * A rollback may wait for people, or for the turn. Who agreed to it saw no quarantine, so another
   * person's later word counts.
   */
  private void requireNotRefusedSince() {
    Instant now = Instant.ofEpochMilli(Workflow.currentTimeMillis());
    if (looked.quarantined() != null || now.isBefore(course.view().started().plus(LOOKS_AGAIN))) {
      return;
    }
    Optional<Quarantined> refused;
    try {
      refused =
          WayBack.Recorded.refusal(
              looked.target(),
              Stubs.quick(
                      QuarantineActivities.class,
                      Queues.of(context.workspace()),
                      TO_LOOK,
                      "was version " + looked.target().version() + " refused meanwhile?")
                  .quarantines(QuarantineQuery.all(context.workspace(), context.model())));
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      // What can't be read of it must not keep anyone from going back.
      course.notice(
          "it is not known whether version "
              + looked.target().version()
              + " was refused meanwhile: "
              + Failures.line(failure));
      return;
    }
    if (refused.isPresent()) {
      throw new EarlyEnd(
          Problem.of(
              FailureKind.USER,
              "roll back " + context.model(),
              "workspace " + context.workspace(),
              "version "
                  + looked.target().version()
                  + " was put in quarantine since it was decided to go back to it: "
                  + refused.get().text(),
              "Nothing was changed. Run the command again: it shows that, and going back lifts"
                  + " it."));
    }
  }

  private RuntimeException changedByOthers(@Nullable String version, List<LiveState> before) {
    if (isLeftToOthers(version, before)) {
      course.journal().forget(BEFORE);
      return new EarlyEnd(
          putting.and(
              changed(
                  version,
                  "What this rollback had changed was left as it is. Run the command again: it shows"
                      + " what it would do now.")));
    }
    return new StepFailure(
        RollbackSteps.TURN,
        changed(
            version,
            "Put right by hand what is not right. Then portage resume "
                + context.holder()
                + " leaves the rest as it is and ends this rollback."),
        false);
  }

  private Problem changed(@Nullable String version, String remedy) {
    return Problem.of(
        FailureKind.USER,
        "roll back " + context.model(),
        "workspace " + context.workspace(),
        "what is live has changed since it was decided: it was "
            + RollbackPlan.version(looked.plan().from())
            + ", and is "
            + RollbackPlan.version(version),
        remedy);
  }

  /**
   * Restores each in its order.
   *
   * @param before as each was found; gets the settings that were stored when they were replaced
   * @param first whether nothing was changed in an earlier turn
   * @param order gets when readers saw each
   */
  private List<LiveState> restoreAll(List<LiveState> before, boolean first, List<WentLive> order) {
    List<LiveThing> changed = new ArrayList<>();
    List<LiveState> since = new ArrayList<>();
    for (LiveThing thing : LiveThings.known().all()) {
      Optional<LiveState> desired =
          looked.desired().stream().filter(state -> state.thing().equals(thing.name())).findFirst();
      if (desired.isEmpty()) {
        // One that no record describes is none of this model's.
        before.stream().filter(state -> state.thing().equals(thing.name())).forEach(since::add);
        continue;
      }
      // Before the effect, so that whatever happens to it can be put back.
      course.journal().put(BEFORE, new Before(before));
      changed.add(thing);
      long began = Workflow.currentTimeMillis();
      try {
        Restored restored = restore(thing, desired.get());
        since.add(restored.now());
        if (first) {
          keep(before, thing, restored.before());
        }
      } catch (StepFailure | TemporalFailure failure) {
        LiveState found = arrived(thing, desired.get(), began, failure);
        if (found == null) {
          if (putting.all(changed, before)) {
            course.journal().forget(BEFORE);
          }
          throw failure;
        }
        since.add(found);
      }
      order.add(new WentLive(thing.name(), Instant.ofEpochMilli(Workflow.currentTimeMillis())));
    }
    return since;
  }

  /** Without them, one that somebody had changed by hand could not be put back. */
  private void keep(List<LiveState> before, LiveThing thing, @Nullable SettingsRef settings) {
    if (settings == null) {
      return;
    }
    before.replaceAll(state ->
        state.thing().equals(thing.name()) && state.settings() == null
            ? state.with(settings)
            : state);
    course.journal().put(BEFORE, new Before(before));
  }

  /** A cancel is heard before the last one, whose change is the point of no return. */
  private Restored restore(LiveThing thing, LiveState desired) {
    List<Restored> done = new ArrayList<>(1);
    Runnable restoring =
        () ->
            done.add(
                steps.once(
                    thing.name(),
                    context.workspace(),
                    attempt -> {
                      Restored restored = thing.restore(context, desired);
                      thing.duplicates(context, restored).ifPresent(deduplication::remember);
                      return Made.of(restored, restored.text());
                    }));
    CancellationScope.throwCanceled();
    if (LiveNow.isLast(thing)) {
      Workflow.newDetachedCancellationScope(restoring).run();
    } else {
      restoring.run();
    }
    return done.getFirst();
  }

  /**
   * Looks whether a change was made though its answer was lost, or is made late.
   *
   * @param began when it was first tried, in milliseconds of the workflow's clock
   * @return the thing as it is since; null if it is not as desired
   * @throws RuntimeException the failure itself if the last thing can't be read: then nothing is
   *     put back, since it may be live
   */
  private @Nullable LiveState arrived(
      LiveThing thing, LiveState desired, long began, RuntimeException failure) {
    List<LiveState> found = new ArrayList<>(1);
    boolean last = LiveNow.isLast(thing);
    try {
      Workflow.newDetachedCancellationScope(
              () -> putting.lookFor(thing, desired, began).ifPresent(found::add))
          .run();
    } catch (TemporalFailure blind) {
      if (!last) {
        return null;
      }
      course.notice(
          "it is not known whether "
              + thing.name()
              + " was changed, so nothing was put back: "
              + Failures.line(blind));
      throw failure;
    }
    // A late request was waited for after a cancel, too: it would undo the putting back.
    if (found.isEmpty() || (!last && CancellationScope.current().isCancelRequested())) {
      return null;
    }
    LiveState now = found.getFirst();
    course.notice(
        thing.name() + " was restored, although the response was: " + failure.getMessage());
    course.list().done(thing.name(), now.text(), null);
    return now.with(desired.settings());
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
