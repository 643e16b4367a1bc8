package dev.portage.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.duplicates.DuplicateCheck;
import dev.portage.job.SettingChange;
import dev.portage.plan.Action;
import dev.portage.release.FollowUp;
import dev.portage.release.LiveVersion;
import dev.portage.release.Release;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.step.Attempt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is live in a workspace and that a hop changes. Plan, preflight, the second look at
 * the turn, apply, compensation, release and rollback go over the ordered list of {@link
 * LiveThings} and name none of them.
 *
 * <p>It holds no state: what it has to remember is in {@link LiveState} and {@link LiveChange}.
 * {@link #observe} and {@link #differences} may run within an activity, everything else is workflow
 * code or pure.
 */
public interface LiveThing {

  /** Its name, such as "batch": of its step, and of its {@link LiveState}s. */
  String name();

  /**
   * Whether a hop changes it, and how it is found there.
   *
   * @return what {@link LiveRef#values} holds; empty if the hop changes no such thing
   */
  Optional<Map<String, String>> find(Settings settings, Station target);

  /** Why a hop doesn't change it, in a few words. */
  String whyNot();

  /** Whether its step is listed as skipped where a hop doesn't change it. */
  default boolean isListedWithout() {
    return true;
  }

  /**
   * Reads it. Changes nothing.
   *
   * @throws io.temporal.failure.TemporalFailure if it can't be read
   */
  LiveState observe(LiveRef ref, Look look);

  /**
   * What a hop would make of it, to learn which settings that changes; null where there is nothing
   * to show.
   */
  default @Nullable JsonNode planned(PlannedHop hop) {
    return null;
  }

  /** The settings that change where it becomes what {@link #planned} wrote. Only to be shown. */
  default List<SettingChange> differences(LiveRef ref, LiveState now, Look look) {
    return List.of();
  }

  /** What becomes of it: 'now' is the {@link LiveState#text} of what was seen. */
  Action plan(PlannedHop hop, LiveState now);

  /** What follows for others once everything is live, such as predictions that become visible. */
  default List<Action> planFollowing(PlannedHop hop) {
    return List.of();
  }

  /**
   * Whether a change since the approval is a matter for the gates: if they pass against the new
   * champion, decisions stand. A change that is not, as by hand, opens a new request.
   *
   * @param approved as those who decided saw it
   * @param now as it is
   * @param champion version that is champion now, null for none
   */
  boolean isForTheGates(LiveState approved, LiveState now, @Nullable String champion);

  /**
   * Whether readers see the new version from this change on, and not only once the last thing has
   * changed.
   */
  default boolean isSeenEarly() {
    return false;
  }

  /** Whether it already is as the hop makes it. */
  boolean isApplied(LiveHop hop, LiveState now);

  /**
   * Changes it, one attempt of its step. What is needed to undo it is stored before the effect.
   *
   * @param seen as it was last read
   * @param changed hears of the change as soon as it is known, also before the step fails in what
   *     follows it
   * @throws ChangeNotKnown if nobody can tell whether it was changed
   * @throws dev.portage.step.StepFailure as the step fails; whatever was changed was told before
   */
  Applied apply(LiveHop hop, Attempt attempt, LiveState seen, Consumer<LiveChange> changed);

  /**
   * What somebody else made of it since the hop changed it. It is asked right before the point of
   * no return, since a run or a soak that takes hours may come before that.
   *
   * @param made what the hop made of it
   * @param now as it is
   * @return a sentence without its full stop; null where it is as the hop left it
   */
  default @Nullable String changedSince(LiveChange made, LiveState now) {
    return made.now().with(null).equals(now.with(null)) ? null : changedText(made, now);
  }

  /** That somebody changed it, with what it was left as and what it is. */
  static String changedText(LiveChange made, LiveState now) {
    return made.now().text()
        + " is not as this promotion left it: somebody else changed it meanwhile. Now it is: "
        + now.text();
  }

  /**
   * Undoes a change, if what it made is still there. The turn has to be in hand.
   *
   * @throws io.temporal.failure.TemporalFailure if it could not be done
   */
  Undone undo(LiveContext context, LiveChange change);

  /**
   * A command that puts back by hand what was before a change, to be shown to a person.
   *
   * @param now as it is; null where that is unknown
   */
  String byHand(LiveContext context, LiveChange change, @Nullable LiveState now);

  /**
   * Puts it into a recorded state, whatever it is now; a repeat changes nothing. The state states
   * all, so it needs no record of what was changed since. The turn has to be in hand.
   *
   * @param desired of this thing, as a release recorded it
   * @throws io.temporal.failure.TemporalFailure if it can't be done: with nothing changed, or
   *     changed and not confirmed, so that a repeat finishes it
   */
  Restored restore(LiveContext context, LiveState desired);

  /**
   * Puts back what a workflow found before it failed, as {@link #restore} does; also what the thing
   * itself says of who changed it last.
   *
   * @param before of this thing, as that workflow found it
   * @throws io.temporal.failure.TemporalFailure as for {@link #restore}
   */
  default Restored putBack(LiveContext context, LiveState before) {
    return restore(context, before);
  }

  /**
   * What goes on beside a recorded state when it is restored, such as an endpoint of another name.
   *
   * @param now as it is found where the live release has it
   * @return a sentence for people; null for nothing
   */
  default @Nullable String staysBeside(LiveState now, LiveState desired) {
    return null;
  }

  /**
   * What becomes of one that the live release made, and that a hop doesn't change: it goes on as it
   * is, such as an endpoint that the file doesn't serve from any more.
   *
   * @param now as it is, or as that release recorded it
   * @param changed how the hop finds the one that it changes; null where it changes none
   * @return a sentence without its full stop; null for nothing to say
   */
  default @Nullable String leftBehind(LiveState now, @Nullable Map<String, String> changed) {
    return null;
  }

  /**
   * A state that was read, with what only records say of such a thing and restoring it needs.
   *
   * @param recorded as a release recorded the thing, whatever has become of it since
   */
  default LiveState knownBy(LiveState recorded, LiveState now) {
    return now;
  }

  /**
   * A check for a duplicate of what restoring has created, which may appear late; empty if none
   * may.
   */
  default Optional<DuplicateCheck> duplicates(LiveContext context, Restored restored) {
    return Optional.empty();
  }

  /**
   * What follows once everything is live, such as a job that starts by itself again. It is retried
   * without the turn, and never undone.
   */
  default List<FollowUp> followUps(LiveHop hop, LiveVersion live, LiveChange change) {
    return List.of();
  }

  /** Fills in what records of releases had fields for before they had states. */
  default void record(Release.Builder release, LiveChange change) {}
}
