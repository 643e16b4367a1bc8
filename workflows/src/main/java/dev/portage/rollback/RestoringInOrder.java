package dev.portage.rollback;

import dev.portage.duplicates.Deduplication;
import dev.portage.failure.Failures;
import dev.portage.live.LiveState;
import dev.portage.live.LiveThing;
import dev.portage.live.LiveThings;
import dev.portage.live.Restored;
import dev.portage.live.SettingsRef;
import dev.portage.release.WentLive;
import dev.portage.step.Course;
import dev.portage.step.Made;
import dev.portage.step.StepFailure;
import dev.portage.step.StepRunner;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Restores live things under a turn, one after another, each as a step of its own. How each was
 * before is in the journal before it is changed.
 */
final class RestoringInOrder {

  private final Course course;
  private final StepRunner steps;
  private final RollbackContext context;
  private final PuttingBack putting;
  private final Deduplication deduplication;

  /**
   * @param deduplication remembers what may have been created twice
   */
  RestoringInOrder(
      Course course,
      StepRunner steps,
      RollbackContext context,
      PuttingBack putting,
      Deduplication deduplication) {
    this.course = course;
    this.steps = steps;
    this.context = context;
    this.putting = putting;
    this.deduplication = deduplication;
  }

  /**
   * Restores each in its order. If one fails, those before it are put back.
   *
   * @param desired how each is to be; one that is not among them stays as it is
   * @param before how each was found; settings that are stored when they are replaced are added
   *     here
   * @param first whether no earlier turn of this rollback changed anything
   * @param order when readers saw each change is added here
   * @return how each is now
   */
  List<LiveState> restore(
      List<LiveState> desired, List<LiveState> before, boolean first, List<WentLive> order) {
    List<LiveThing> changed = new ArrayList<>();
    List<LiveState> since = new ArrayList<>();
    for (LiveThing thing : LiveThings.known().all()) {
      Optional<LiveState> wanted =
          desired.stream().filter(state -> state.thing().equals(thing.name())).findFirst();
      if (wanted.isEmpty()) {
        // A thing that no record describes does not belong to this model.
        before.stream().filter(state -> state.thing().equals(thing.name())).forEach(since::add);
        continue;
      }
      // Before the effect, so that it can be put back whatever becomes of it.
      course.journal().put(Restoring.BEFORE, new Restoring.Before(before));
      changed.add(thing);
      long began = Workflow.currentTimeMillis();
      try {
        Restored restored = restore(thing, wanted.get());
        since.add(restored.now());
        if (first) {
          keep(before, thing, restored.before());
        }
      } catch (StepFailure | TemporalFailure failure) {
        LiveState found = arrived(thing, wanted.get(), began, failure);
        if (found == null) {
          if (putting.all(changed, before)) {
            course.journal().forget(Restoring.BEFORE);
          }
          throw failure;
        }
        since.add(found);
      }
      order.add(new WentLive(thing.name(), Instant.ofEpochMilli(Workflow.currentTimeMillis())));
    }
    return since;
  }

  /** Without these settings, a thing that somebody had changed by hand could not be put back. */
  private void keep(List<LiveState> before, LiveThing thing, @Nullable SettingsRef settings) {
    if (settings == null) {
      return;
    }
    before.replaceAll(state ->
        state.thing().equals(thing.name()) && state.settings() == null
            ? state.with(settings)
            : state);
    course.journal().put(Restoring.BEFORE, new Restoring.Before(before));
  }

  /** A cancel has an effect until the last thing, whose change is the point of no return. */
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
   * @return the thing as it is now; null if it is not as desired
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
    // After a cancel, too, a late request had to be waited for: it would undo the putting back.
    if (found.isEmpty() || (!last && CancellationScope.current().isCancelRequested())) {
      return null;
    }
    LiveState now = found.getFirst();
    course.notice(
        thing.name()
            + " was restored, although the response was: "
            + (failure instanceof StepFailure step
                ? step.problem().line()
                : String.valueOf(failure.getMessage())));
    course.list().done(thing.name(), now.text(), null);
    return thing.knownBy(desired, now).with(desired.settings());
  }
}
