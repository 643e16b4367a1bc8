package dev.portage.live;

import dev.portage.duplicates.DuplicateCheck;
import dev.portage.plan.Action;
import dev.portage.plan.Planner;
import dev.portage.serving.EndpointActivities;
import dev.portage.serving.EndpointChanged;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointCopies;
import dev.portage.serving.EndpointQuery;
import dev.portage.serving.EndpointReady;
import dev.portage.serving.EndpointState;
import dev.portage.serving.Served;
import dev.portage.serving.StoredEndpoint;
import dev.portage.serving.Testable;
import dev.portage.serving.TrafficShare;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.ServeWatch;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.settings.WrittenDuration;
import dev.portage.step.Attempt;
import dev.portage.temporal.Queues;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The serving endpoint of a model, step {@code serve}. Its state is what gets traffic: versions
 * that are kept at 0 % are no part of it. How traffic is moved is {@link Cutover}.
 */
final class ServingThing implements LiveThing {

  static final String NAME = TrafficShare.STEP;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<Map<String, String>> find(Settings settings, Station target) {
    ServeSettings serve = settings.serveAt(target);
    return serve == null
        ? Optional.empty()
        : Optional.of(
            Map.of(Endpoints.ENDPOINT, serve.endpoint(), Endpoints.MODEL, settings.model()));
  }

  @Override
  public String whyNot() {
    return "no serve in the file";
  }

  /** Most models are not served. */
  @Override
  public boolean isListedWithout() {
    return false;
  }

  @Override
  public LiveState observe(LiveRef ref, Look look) {
    String endpoint = ref.value(Endpoints.ENDPOINT);
    String model = ref.value(Endpoints.MODEL);
    if (endpoint == null || model == null) {
      return Endpoints.none(name(), endpoint, model);
    }
    return look.by(EndpointActivities.class, "the endpoint " + endpoint)
        .findEndpoint(new EndpointQuery(ref.workspace(), endpoint, model))
        .map(found -> Endpoints.observed(name(), found))
        .orElse(Endpoints.none(name(), endpoint, model));
  }

  @Override
  public Action plan(PlannedHop hop, LiveState now) {
    ServeSettings serve = settings(hop.settings(), hop.target());
    String where = hop.target().workspace();
    return new Action(
        where + "/" + name(),
        "endpoint " + serve.endpoint() + " in " + where,
        now.text(),
        (now.present() ? steps(serve) + "; " + cost(serve, now) : created(serve))
            + watched(serve, now)
            + "; limits: "
            + serve.limits().text()
            + tested(serve, hop.testable()));
  }

  private static String created(ServeSettings serve) {
    return "is created, of size "
        + serve.size().written()
        + ", and serves "
        + Planner.NEW_VERSION
        + ": nobody gets traffic before it, so there are no steps; a smoke test, then a soak of "
        + WrittenDuration.text(serve.soak())
        + "; cost: 1 version runs, "
        + (serve.scaleToZero() ? "and is stopped while nobody asks" : "all the time");
  }

  private static String steps(ServeSettings serve) {
    return "serves "
        + Planner.NEW_VERSION
        + ", of size "
        + serve.size().written()
        + ": 0 %, a smoke test, then "
        + serve.steps().stream().map(String::valueOf).collect(Collectors.joining(", "))
        + " % of the traffic for "
        + WrittenDuration.text(serve.soak())
        + " each"
        + (serve.limits().minRequests() == null
            ? ""
            : ", at most " + WrittenDuration.text(serve.longestSoak()) + " each");
  }

  /** How many versions run, and for how long. */
  private static String cost(ServeSettings serve, LiveState now) {
    int together = Endpoints.live(now).served().size() + 1;
    return "cost: "
        + together
        + " versions"
        + (serve.keep() == 0 ? "" : ", and at most " + serve.keep() + " kept before,")
        + " run side by side for "
        + WrittenDuration.text(serve.sideBySide())
        + (serve.limits().minRequests() == null
            ? ""
            : ", at most "
                + WrittenDuration.text(serve.longestSoak().multipliedBy(serve.steps().size()))
                + ",")
        + " and the start of the new one, at most "
        + WrittenDuration.text(serve.timeout())
        + "; then "
        + after(serve);
  }

  private static String after(ServeSettings serve) {
    return switch (serve.keep()) {
      case 0 -> "the new one alone";
      case 1 -> "the new one, and 1 old version at 0 %" + atRest(serve);
      default ->
          "the new one, and at most " + serve.keep() + " old versions at 0 %" + atRest(serve);
    };
  }

  private static String atRest(ServeSettings serve) {
    return serve.scaleToZero() ? ", stopped while nobody asks" : ", running";
  }

  /** An automatic rollback is approved with the plan. */
  private static String watched(ServeSettings serve, LiveState now) {
    ServeWatch watch = serve.watch();
    if (watch == null) {
      return "; not watched after that";
    }
    return "; then watched for "
        + watch.text()
        + (now.present()
            ? ": a limit that is broken twice in a row starts a rollback by itself, and holds"
                + " promotions of the model until someone lets go"
            : ": a limit that is broken twice in a row holds promotions of the model until someone"
                + " lets go; it is rolled back by itself only if a release before it is recorded")
        + (serve.scaleToZero()
            ? "; its requests keep the version running, while the one before it stops, so that"
                + " going back has to start it"
            : "");
  }

  /** What of a model can't be tested is said before anyone approves. */
  private static String tested(ServeSettings serve, @Nullable Testable testable) {
    int cases = serve.cases().size();
    String theCases = cases == 1 ? "1 case" : cases + " cases";
    if (testable == null) {
      return "; tested by its input example, if it has one"
          + (cases == 0 ? "" : ", and " + theCases);
    }
    String signature =
        testable.signature()
            ? ""
            : "; the model has no signature, so the endpoint checks no types of requests";
    if (testable.example()) {
      return "; tested by its input example" + (cases == 0 ? "" : " and " + theCases) + signature;
    }
    return (cases > 0
            ? "; the model has no input example, so it is tested by " + theCases + " alone"
            : "; NOT TESTED by any request: the model has no input example, and the file no cases")
        + signature;
  }

  /** Another release moved its endpoint with the champion. */
  @Override
  public boolean isForTheGates(LiveState approved, LiveState now, @Nullable String champion) {
    return now.present()
        && champion != null
        && champion.equals(now.version())
        && Endpoints.isPromoted(now);
  }

  @Override
  public boolean isSeenEarly() {
    return true;
  }

  /** What is kept at 0 % gets no traffic, whoever adds or removes it. */
  @Override
  public @Nullable String changedSince(LiveChange made, LiveState now) {
    EndpointConfig left = Endpoints.live(made.now());
    EndpointConfig found = Endpoints.live(now);
    return found.isLike(left)
        ? null
        : "endpoint "
            + Endpoints.name(made.now())
            + " serves "
            + found.text()
            + ", but it was left with "
            + left.text()
            + ": somebody changed it meanwhile";
  }

  @Override
  public boolean isApplied(LiveHop hop, LiveState now) {
    return now.present() && hop.version().equals(now.version());
  }

  @Override
  public Applied apply(LiveHop hop, Attempt attempt, LiveState seen, Consumer<LiveChange> changed) {
    return new Cutover(hop, settings(hop.settings(), hop.target()), attempt, this, changed).run();
  }

  private static ServeSettings settings(Settings settings, Station target) {
    return Objects.requireNonNull(
        settings.serveAt(target), "only a hop that serves has its endpoint changed");
  }

  /**
   * First all traffic goes back, which takes no start-up while the old version is still there; then
   * the new one is removed.
   */
  @Override
  public Undone undo(LiveContext context, LiveChange change) {
    String endpoint = Endpoints.name(change.now());
    EndpointConfig found = Endpoints.found(change);
    EndpointConfig made = Endpoints.made(change);
    EndpointCalls calls = calls(context, change.now());
    SettingsRef settings = change.before().settings();
    // What was kept at 0 % and made room is not started again.
    EndpointConfig back = found.keeping(made.served().stream().map(Served::name).toList());
    EndpointConfig prior = Endpoints.prior(change);
    boolean moved = !made.live().isLike(back.live()) || !prior.live().isLike(back.live());
    EndpointConfig traffic = moved ? withoutTraffic(back, made) : back;
    EndpointChanged first =
        calls.change(
            traffic,
            null,
            settings,
            List.of(made, prior, found, withoutTraffic(back, made), back),
            found.isNone()
                ? "remove endpoint " + endpoint
                : "all traffic of endpoint " + endpoint + " back to " + found.text());
    if (first.outcome() == EndpointChanged.Outcome.FOUND_OTHER) {
      return new Undone(
          Undone.Outcome.FOUND_OTHER,
          "endpoint "
              + endpoint
              + " serves "
              + first.config().text()
              + " by now, which this promotion did not order");
    }
    if (!traffic.isNone()) {
      await(calls, endpoint, traffic);
      if (!back.isLike(traffic)) {
        calls.change(
            back,
            null,
            settings,
            List.of(traffic, back),
            "remove the new version from endpoint " + endpoint);
        await(calls, endpoint, back);
      }
    }
    return new Undone(
        Undone.Outcome.PUT_BACK,
        found.isNone()
            ? "endpoint " + endpoint + " is removed again"
            : "all traffic of endpoint " + endpoint + " is back at " + found.text());
  }

  /** As it was, with whatever else is there at 0 %. */
  private static EndpointConfig withoutTraffic(EndpointConfig back, EndpointConfig made) {
    if (back.isNone()) {
      return back;
    }
    List<Served> all = new ArrayList<>(back.served());
    made.served().stream()
        .filter(one -> back.named(one.name()).isEmpty())
        .forEach(one -> all.add(one.at(0)));
    return new EndpointConfig(all);
  }

  private static void await(EndpointCalls calls, String endpoint, EndpointConfig wanted) {
    EndpointReady ready = calls.await(wanted, null);
    String failed = ready.failed();
    if (failed != null) {
      throw calls.failed(
          "make endpoint " + endpoint + " serve " + wanted.text(),
          failed,
          "It still serves " + ready.state().config().text() + ". Remove the cause, then resume.");
    }
  }

  @Override
  public String byHand(LiveContext context, LiveChange change, @Nullable LiveState now) {
    String endpoint = Endpoints.name(change.now());
    SettingsRef settings = change.before().settings();
    if (!change.before().present()) {
      return "databricks serving-endpoints delete " + endpoint;
    }
    if (settings == null) {
      return "databricks serving-endpoints get " + endpoint;
    }
    String uri = settings.uri();
    return "mlflow artifacts download -u "
        + uri
        + " -d . && databricks serving-endpoints update-config "
        + endpoint
        + " --json @"
        + uri.substring(uri.lastIndexOf('/') + 1);
  }

  /** A file may give its endpoint another name: who asks the other one is told nothing by us. */
  @Override
  public @Nullable String staysBeside(LiveState now, LiveState desired) {
    String other = Endpoints.name(now);
    return !now.present() || Endpoints.name(desired).equals(other)
        ? null
        : now.text()
            + " stays, since that release was served by another endpoint; to remove it: databricks"
            + " serving-endpoints delete "
            + other;
  }

  /**
   * Callers of an endpoint that no file names any more get the old version, and nobody told them.
   */
  @Override
  public @Nullable String leftBehind(LiveState now, @Nullable Map<String, String> changed) {
    String endpoint = Endpoints.name(now);
    String other = changed == null ? null : changed.get(Endpoints.ENDPOINT);
    return !now.present() || endpoint.equals(other)
        ? null
        : now.text()
            + " stays as it is, since "
            + (other == null
                ? "the file has no serve any more"
                : "the file now serves from endpoint " + other)
            + "; whoever asks it gets that version on, and no promotion moves it. To remove it:"
            + " databricks serving-endpoints delete "
            + endpoint;
  }

  /** The endpoint itself does not say how long its file lets a version start. */
  @Override
  public LiveState knownBy(LiveState recorded, LiveState now) {
    return Endpoints.withTimeoutOf(now, recorded);
  }

  /** Traffic first, as when it is undone; what a rollback leaves is removed after that. */
  @Override
  public Restored restore(LiveContext context, LiveState wanted) {
    String endpoint = Endpoints.name(wanted);
    if (endpoint.isEmpty()) {
      return new Restored(Restored.Outcome.UNCHANGED, wanted, "there was no endpoint");
    }
    EndpointCalls calls = calls(context, wanted);
    // Under a key of its own: what an earlier one stored may be wanted now.
    StoredEndpoint stored =
        calls.store(context.holder() + "#" + name() + "/" + Workflow.randomUUID());
    EndpointConfig now = stored.config();
    EndpointConfig live = Endpoints.live(wanted);
    EndpointConfig pending = stored.state() == null ? null : stored.state().pending();
    boolean isSo = live.isNone() ? stored.state() == null : now.live().isLike(live);
    // An update that is still under way, as of a promotion that was terminated, comes after this.
    if (isSo && (pending == null || pending.live().isLike(live))) {
      return new Restored(
          Restored.Outcome.UNCHANGED,
          wanted,
          "endpoint " + endpoint + " already was so",
          stored.settings(),
          null);
    }
    String before = underWay(stored);
    EndpointConfig traffic = withoutTraffic(live, now);
    calls.change(
        traffic,
        null,
        wanted.settings(),
        null,
        live.isNone()
            ? "remove endpoint " + endpoint
            : "all traffic of endpoint " + endpoint + " to " + live.text());
    if (live.isNone()) {
      return new Restored(
          Restored.Outcome.RESTORED,
          Endpoints.none(name(), endpoint, Endpoints.model(wanted)),
          "endpoint " + endpoint + " is removed" + before,
          stored.settings(),
          null);
    }
    await(calls, endpoint, traffic);
    EndpointConfig left =
        new EndpointConfig(
            traffic.served().stream()
                .filter(one -> live.named(one.name()).isPresent() || isAtRest(now, one.name()))
                .toList());
    if (!left.isLike(traffic)) {
      calls.change(
          left, null, wanted.settings(), null, "remove what was left from endpoint " + endpoint);
      await(calls, endpoint, left);
    }
    return new Restored(
        now.isNone() ? Restored.Outcome.CREATED_AGAIN : Restored.Outcome.RESTORED,
        wanted,
        "all traffic of endpoint " + endpoint + " is at " + live.text() + before,
        stored.settings(),
        null);
  }

  /**
   * Of the endpoint itself there can be no second: its name is unique in a workspace, and a
   * creation whose answer was lost is refused when it is repeated. But what it served before may
   * have been stored twice. It was stored under a key that nothing else has, so its place finds it.
   */
  @Override
  public Optional<DuplicateCheck> duplicates(LiveContext context, Restored restored) {
    SettingsRef stored = restored.before();
    return stored == null
        ? Optional.empty()
        : Optional.of(
            new EndpointDuplicateCheck(
                Queues.of(context.workspace()),
                new EndpointCopies(
                    context.workspace(),
                    Endpoints.name(restored.now()),
                    stored.uri(),
                    stored.uri())));
  }

  /** That somebody was changing it, whose work is undone; empty where nobody was. */
  private static String underWay(StoredEndpoint stored) {
    EndpointState state = stored.state();
    EndpointConfig pending = state == null ? null : state.pending();
    if (state == null || pending == null) {
      return "";
    }
    return "; before, an update to "
        + pending.text()
        + " was under way"
        + (state.promotion() == null ? "" : " (" + state.promotion() + " changed it last)")
        + ", which was waited for and taken back";
  }

  /** Whether it got no traffic before, and so is kept for another time. */
  private static boolean isAtRest(EndpointConfig now, String served) {
    return now.named(served).filter(one -> one.percent() == 0).isPresent();
  }

  private static EndpointCalls calls(LiveContext context, LiveState state) {
    return new EndpointCalls(
        context, Endpoints.name(state), Endpoints.model(state), Endpoints.timeout(state));
  }
}
