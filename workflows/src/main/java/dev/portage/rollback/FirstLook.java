package dev.portage.rollback;

import dev.portage.activity.Stubs;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.live.LiveState;
import dev.portage.live.LiveThing;
import dev.portage.live.LiveThings;
import dev.portage.plan.Action;
import dev.portage.quarantine.Quarantined;
import dev.portage.registry.ModelVersion;
import dev.portage.release.Release;
import dev.portage.settings.Station;
import dev.portage.step.EarlyEnd;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first step of a rollback: finds what is live and which release to go back to, and checks that
 * everything it needs is still there. It changes nothing, and refuses what could only be done in
 * part.
 */
final class FirstLook {

  private final RollbackSettings settings;
  private final RollbackContext context;
  private final Station target;
  private final @Nullable String to;

  /**
   * @param to version that someone named; null for the default
   */
  FirstLook(RollbackSettings settings, RollbackContext context, @Nullable String to) {
    this.settings = settings;
    this.context = context;
    this.target = settings.target();
    this.to = to;
  }

  /**
   * Looks.
   *
   * @throws EarlyEnd if there is nothing to go back to, or something that it needs is gone
   * @throws TemporalFailure if something can't be read
   */
  Findings look() {
    LiveState champion = LiveThings.champion(context);
    String from = champion.version();
    WayBack back = log(from);
    String released = back.released();
    if (released == null && Boolean.FALSE.equals(back.registered())) {
      throw refused(
          "there is no registered model " + target.model() + " in " + target.workspace(),
          "Check the name of the model, --workspace, and models of the workspace in the platform"
              + " file, which says what the model is called there.");
    }
    if (released == null) {
      throw refused(
          "no release of it is recorded there" + unread(back),
          "Go back by hand, or record what is live as the first release: portage adopt "
              + settings.model()
              + " --workspace "
              + target.workspace()
              + ". If the registered model was renamed, its releases are recorded under its former"
              + " name: give it that name back.");
    }
    Leaving leaves = Leaving.of(back, champion, target);
    WayBack.Recorded recorded = chosen(back, leaves, from, released);
    Release chosen = recorded.release();
    List<LiveState> desired = desired(recorded, released);
    List<LiveState> known = known(back, desired);
    List<LiveState> now = LiveNow.all(context, known);
    if (leaves.by(chosen) == null && isAlready(now, desired)) {
      throw refused(
          "version " + chosen.version() + " is live there already, and all is as it was released",
          back.isOnlyRelease(chosen.version())
              ? "It is the only release there, so there is no other one to go back to."
              : "Name another version with --to; released so far: " + released + ".");
    }
    long number = back.lastRollback() + 1;
    ModelVersion version = new TargetFiles(settings).check(chosen);
    Release left = leaves.by(chosen);
    Predictions predictions = new Predictions(target.workspace(), left, now);
    OriginMark origin = OriginMark.of(settings, left, chosen);
    Findings looked =
        new Findings(
            new RollbackPlan(
                new RollbackId(target.workspace(), target.model(), number).workflow(),
                target.workspace(),
                from,
                chosen.version(),
                chosen.promotion(),
                chosen.at(),
                actions(now, desired, predictions, origin),
                remarks(back, leaves, recorded, now, desired, predictions, origin)),
            left,
            chosen,
            version,
            desired,
            predictions.order(),
            origin.order(),
            known);
    return looked.quarantined(recorded.quarantined());
  }

  /** How the live release describes each thing; how the target does where the live one doesn't. */
  private static List<LiveState> known(WayBack back, List<LiveState> desired) {
    List<LiveState> known = new ArrayList<>();
    WayBack.Recorded live = back.live();
    if (live != null && live.states() != null) {
      known.addAll(live.states());
    }
    desired.stream()
        .filter(state -> known.stream().noneMatch(one -> one.thing().equals(state.thing())))
        .forEach(known::add);
    return known;
  }

  private WayBack log(@Nullable String live) {
    return Stubs.searching(
            WayBackActivities.class,
            Queues.of(target.workspace()),
            settings.retryTimeout(),
            "what was released in " + target.workspace())
        .wayBack(new WayBackQuery(target.workspace(), target.model(), live, to));
  }

  private WayBack.Recorded chosen(
      WayBack back, Leaving leaves, @Nullable String from, String released) {
    WayBack.Recorded live = back.live();
    WayBack.Recorded chosen =
        to == null && live != null && leaves.finishes(live.release()) ? live : back.target();
    if (chosen != null) {
      return chosen;
    }
    if (to != null) {
      throw refused(
          "version " + to + " was never released there" + unread(back),
          "Name one that was: " + released + ". See: portage history " + name());
    }
    if (from != null && back.isOnlyRelease(from)) {
      throw refused(
          "version "
              + from
              + " is live there, and no release of another version is recorded"
              + unread(back),
          "There is no earlier release to go back to. See: portage history " + name());
    }
    throw from == null
        ? refused(
            "no version is live there, so it is not known what to go back from",
            "Name a version with --to; released so far: " + released + ".")
        : refused(
            "version "
                + from
                + " has no release before it that no rollback has left"
                + unread(back),
            "Name a version with --to; released so far: "
                + released
                + ". See: portage history "
                + name());
  }

  /** What of the log could not be read, for a message; empty if all of it was read. */
  private static String unread(WayBack back) {
    return back.notes().isEmpty()
        ? ""
        : ", as far as its log can be read; " + String.join("; ", back.notes());
  }

  /** The state of each thing that the release recorded; others are not restored. */
  private List<LiveState> desired(WayBack.Recorded chosen, String released) {
    List<LiveState> states = chosen.states();
    List<LiveState> recorded = states == null ? ofOldRecord(chosen.release()) : states;
    List<LiveState> desired = new ArrayList<>();
    for (LiveThing thing : LiveThings.known().all()) {
      stateOf(thing.name(), recorded).ifPresent(desired::add);
    }
    if (stateOf(last(), desired).isEmpty()) {
      throw refused(
          "the record of version " + chosen.release().version() + " does not say how it was live",
          "Name another version with --to; released so far: " + released + ".");
    }
    return desired;
  }

  /**
   * The states of a release that was recorded before releases held the full state: the version, and
   * of a job only its id. Restoring half of it would be worse than nothing, so a job is refused.
   */
  private List<LiveState> ofOldRecord(Release release) {
    List<LiveState> states = release.states();
    for (LiveState state : states) {
      if (!state.thing().equals(last())) {
        throw refused(
            "version "
                + release.version()
                + " was recorded by an earlier release of Portage, which did not store the settings"
                + " of "
                + state.text(),
            "Name a later version with --to, or promote that commit again:"
                + (release.commit() == null ? "" : " git checkout " + release.commit() + " &&")
                + " portage start promotion.yaml --again --allow-older --reason TEXT");
      }
    }
    return states;
  }

  private static String last() {
    return LiveThings.known().last().name();
  }

  private static Optional<LiveState> stateOf(String thing, List<LiveState> states) {
    return states.stream().filter(state -> state.thing().equals(thing)).findFirst();
  }

  private static boolean isAlready(List<LiveState> now, List<LiveState> desired) {
    return desired.stream()
        .allMatch(state ->
            stateOf(state.thing(), now).filter(found -> StateMatch.same(found, state)).isPresent());
  }

  private List<Action> actions(
      List<LiveState> now, List<LiveState> desired, Predictions predictions, OriginMark origin) {
    List<Action> actions = new ArrayList<>();
    for (LiveState state : desired) {
      Optional<LiveState> found = stateOf(state.thing(), now);
      actions.add(
          new Action(
              state.thing(),
              state.thing() + " in " + target.workspace(),
              found.map(LiveState::text).orElse("unknown"),
              found.map(is -> then(is, state)).orElse(state.text())));
    }
    predictions.action().ifPresent(actions::add);
    origin.action().ifPresent(actions::add);
    return actions;
  }

  /** Two lines that are alike don't say whether anything changes. */
  private static String then(LiveState now, LiveState desired) {
    if (StateMatch.same(now, desired)) {
      return "stays as it is";
    }
    return now.text().equals(desired.text())
        ? desired.text() + ", with the settings that the release recorded"
        : desired.text();
  }

  private List<String> remarks(
      WayBack back,
      Leaving leaves,
      WayBack.Recorded recorded,
      List<LiveState> now,
      List<LiveState> desired,
      Predictions predictions,
      OriginMark origin) {
    Release chosen = recorded.release();
    List<String> remarks = new ArrayList<>();
    WayBack.Left leftBy = back.leftBy();
    if (leftBy != null && !leaves.finishes(chosen)) {
      remarks.add(
          "version "
              + chosen.version()
              + " was left by a rollback before, by "
              + (leftBy.by() == null ? "somebody" : leftBy.by())
              + (leftBy.reason() == null ? "" : ": " + leftBy.reason()));
    }
    remarks.addAll(quarantine(back, recorded));
    remarks.addAll(leaves.remarks(chosen, name()));
    for (LiveState found : now) {
      stateOf(found.thing(), desired)
          .flatMap(state ->
              Optional.ofNullable(
                  LiveThings.known().named(found.thing()).staysBeside(found, state)))
          .ifPresent(remarks::add);
      if (found.present() && stateOf(found.thing(), desired).isEmpty()) {
        remarks.add(
            found.thing() + " stays as it is, since that release recorded none: " + found.text());
      }
    }
    remarks.addAll(predictions.remarks());
    remarks.addAll(origin.remarks());
    return remarks;
  }

  /** That the target's candidate is refused, and that going back lifts that; empty if it isn't. */
  private List<String> quarantine(WayBack back, WayBack.Recorded recorded) {
    Quarantined refused = recorded.quarantined();
    String version = "version " + recorded.release().version();
    if (refused != null) {
      return List.of(
          version
              + " has been in quarantine since "
              + refused.at()
              + (refused.reason() == null ? "" : ": " + refused.reason())
              + "; going back lifts it");
    }
    return back.unread() == null
        ? List.of()
        : List.of(
            "it is not known whether "
                + version
                + " is in quarantine, so nothing is lifted: "
                + back.unread());
  }

  private String name() {
    return settings.model();
  }

  private EarlyEnd refused(String what, String remedy) {
    return new EarlyEnd(
        Problem.of(
            FailureKind.USER,
            "roll back " + target.model(),
            "workspace " + target.workspace(),
            what,
            "Nothing was changed. " + remedy));
  }
}
