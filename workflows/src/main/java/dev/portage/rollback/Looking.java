package dev.portage.rollback;

import dev.portage.activity.Stubs;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.history.HistoryActivities;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryPage;
import dev.portage.history.HistoryQuery;
import dev.portage.live.LiveState;
import dev.portage.live.LiveThing;
import dev.portage.live.LiveThings;
import dev.portage.plan.Action;
import dev.portage.registry.ModelVersion;
import dev.portage.release.Release;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first step: what is live, which release to go back to, and whether all that it needs is still
 * there. It changes nothing, and refuses whatever could only be done by half.
 */
final class Looking {

  /** Entries of the log that one answer holds at most. */
  private static final int PAGE = 200;

  /** Pages of the log that are read: beyond them a release is too old to go back to. */
  private static final int PAGES = 5;

  private final RollbackSettings settings;
  private final RollbackContext context;
  private final Station target;
  private final @Nullable String to;

  /**
   * @param to version that someone named, null for the default
   */
  Looking(RollbackSettings settings, RollbackContext context, @Nullable String to) {
    this.settings = settings;
    this.context = context;
    this.target = settings.target();
    this.to = to;
  }

  /**
   * Looks.
   *
   * @throws TemporalFailure a user error when there is nothing to go back to, or it is not whole
   */
  Looked look() {
    Promise<List<HistoryEvent>> log = Async.function(this::log);
    Promise<LiveState> champion = Async.function(() -> LiveNow.champion(context));
    Promise.allOf(log, champion).get();
    Released released = new Released(log.get());
    String from = champion.get().version();
    if (released.isEmpty()) {
      throw refused(
          "no release of it is recorded there",
          "Go back by hand, or record what is live as the first release: portage adopt "
              + settings.model()
              + " --workspace "
              + target.workspace());
    }
    Release chosen = chosen(released, from);
    List<LiveState> wanted = wanted(released, chosen);
    List<LiveState> known = known(released, from, wanted);
    List<LiveState> now = LiveNow.all(context, known);
    if (isAlready(now, wanted)) {
      throw refused(
          "version " + chosen.version() + " is live there already, and all is as it was released",
          "Name another version with --to; released were " + released.listed() + ".");
    }
    RollbackId first = new RollbackId(target.workspace(), settings.model(), 1);
    long number = released.lastRollback(first) + 1;
    ModelVersion version = new TargetFiles(settings).check(chosen);
    Release left = chosen.version().equals(from) ? null : released.of(from).orElse(null);
    Predictions predictions = new Predictions(target.workspace(), left, now);
    OriginMark origin = OriginMark.of(settings, left, chosen);
    return new Looked(
        new RollbackPlan(
            new RollbackId(target.workspace(), settings.model(), number).workflow(),
            target.workspace(),
            from,
            chosen.version(),
            chosen.promotion(),
            chosen.at(),
            actions(now, wanted, predictions, origin),
            remarks(released, chosen, from, left, now, wanted, predictions, origin)),
        left,
        chosen,
        version,
        wanted,
        predictions.order(),
        origin.order(),
        known);
  }

  /** How the live release describes things, and for those that it doesn't, how the target does. */
  private static List<LiveState> known(
      Released released, @Nullable String from, List<LiveState> wanted) {
    List<LiveState> known = new ArrayList<>();
    if (from != null) {
      released.states(from).ifPresent(known::addAll);
    }
    wanted.stream()
        .filter(state -> known.stream().noneMatch(one -> one.thing().equals(state.thing())))
        .forEach(known::add);
    return known;
  }

  private List<HistoryEvent> log() {
    List<HistoryEvent> all = new ArrayList<>();
    HistoryQuery query =
        new HistoryQuery(target.workspace(), target.model(), settings.model(), PAGE, null);
    for (int pages = 1; ; pages++) {
      HistoryPage page =
          Stubs.searching(
                  HistoryActivities.class,
                  Queues.of(target.workspace()),
                  settings.retryTimeout(),
                  "what was released in " + target.workspace())
              .readHistory(query);
      page.events().stream().filter(event -> !all.contains(event)).forEach(all::add);
      if (!page.more() || page.events().isEmpty() || pages == PAGES) {
        return all;
      }
      query =
          new HistoryQuery(
              target.workspace(),
              target.model(),
              settings.model(),
              PAGE,
              page.events().getLast().at());
    }
  }

  private Release chosen(Released released, @Nullable String from) {
    if (to != null) {
      return released
          .of(to)
          .orElseThrow(() ->
              refused(
                  "version " + to + " was never released there",
                  "Name one that was: " + released.listed() + ". See: portage history " + name()));
    }
    if (from == null) {
      throw refused(
          "no version is live there, so it is not known what to go back from",
          "Name a version with --to; released were " + released.listed() + ".");
    }
    return released
        .before(from)
        .orElseThrow(() ->
            refused(
                "version " + from + " has no release before it that no rollback has left",
                "Name a version with --to; released were "
                    + released.listed()
                    + ". See: portage history "
                    + name()));
  }

  /** Of each thing that the release recorded; of others nothing is restored. */
  private List<LiveState> wanted(Released released, Release chosen) {
    Optional<List<LiveState>> states = released.states(chosen.version());
    List<LiveState> recorded =
        states.isPresent() ? states.get() : OldRelease.states(chosen, target);
    List<LiveState> wanted = new ArrayList<>();
    for (LiveThing thing : LiveThings.known().all()) {
      stateOf(thing.name(), recorded).ifPresent(wanted::add);
    }
    if (stateOf(last(), wanted).isEmpty()) {
      throw refused(
          "the record of version " + chosen.version() + " does not say how it was live",
          "Name another version with --to; released were " + released.listed() + ".");
    }
    return wanted;
  }

  private static String last() {
    return LiveNow.last().name();
  }

  private static Optional<LiveState> stateOf(String thing, List<LiveState> states) {
    return states.stream().filter(state -> state.thing().equals(thing)).findFirst();
  }

  private static boolean isAlready(List<LiveState> now, List<LiveState> wanted) {
    return wanted.stream()
        .allMatch(state ->
            stateOf(state.thing(), now).filter(found -> StateMatch.same(found, state)).isPresent());
  }

  private List<Action> actions(
      List<LiveState> now, List<LiveState> wanted, Predictions predictions, OriginMark origin) {
    List<Action> actions = new ArrayList<>();
    for (LiveState state : wanted) {
      String found = stateOf(state.thing(), now).map(LiveState::text).orElse("unknown");
      actions.add(
          new Action(
              state.thing(), state.thing() + " in " + target.workspace(), found, state.text()));
    }
    predictions.action().ifPresent(actions::add);
    origin.action().ifPresent(actions::add);
    return actions;
  }

  private List<String> remarks(
      Released released,
      Release chosen,
      @Nullable String from,
      @Nullable Release left,
      List<LiveState> now,
      List<LiveState> wanted,
      Predictions predictions,
      OriginMark origin) {
    List<String> remarks = new ArrayList<>();
    released
        .leftBy(chosen.version())
        .ifPresent(event ->
            remarks.add(
                "version "
                    + chosen.version()
                    + " was left by a rollback before, by "
                    + (event.by() == null ? "somebody" : event.by())
                    + (event.reason() == null ? "" : ": " + event.reason())));
    if (chosen.version().equals(from)) {
      remarks.add(
          "version "
              + from
              + " is live and stays so: this puts back what is not as it was released; nothing is"
              + " quarantined, and no predictions are removed");
    } else if (left == null) {
      remarks.add("what is live was never released, so nothing is quarantined");
    } else {
      remarks.add(
          "version "
              + left.version()
              + " is quarantined: it is promoted again only after portage lift "
              + name()
              + " v"
              + left.version()
              + " --workspace "
              + left.workspace()
              + " --reason TEXT");
    }
    for (LiveState found : now) {
      if (found.present() && stateOf(found.thing(), wanted).isEmpty()) {
        remarks.add(
            found.thing() + " stays as it is, since that release recorded none: " + found.text());
      }
    }
    remarks.addAll(predictions.remarks());
    remarks.addAll(origin.remarks());
    return remarks;
  }

  private String name() {
    return settings.model();
  }

  private ApplicationFailure refused(String what, String remedy) {
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            "roll back " + target.model(),
            "workspace " + target.workspace(),
            what,
            "Nothing was changed. " + remedy));
  }
}
