package dev.portage.live;

import dev.portage.duplicates.DuplicateCheck;
import dev.portage.plan.Action;
import dev.portage.registry.Tags;
import dev.portage.serving.EndpointActivities;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.EndpointCopies;
import dev.portage.serving.EndpointQuery;
import dev.portage.serving.TrafficShare;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.step.Attempt;
import dev.portage.temporal.Queues;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The serving endpoint of a model, step {@code serve}. Its state is what gets traffic: versions
 * that are kept at 0 % are no part of it. {@link Cutover} moves traffic to a new version, {@link
 * EndpointReturn} moves it back, and {@link ServingPlan} says beforehand what will happen.
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
            Map.of(
                Endpoints.ENDPOINT,
                serve.endpoint(),
                Endpoints.MODEL,
                settings.model(),
                Endpoints.REGISTERED,
                target.model()));
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
        .findEndpoint(
            new EndpointQuery(ref.workspace(), endpoint, model, ref.value(Endpoints.REGISTERED)))
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
        new ServingPlan(serve, now, hop.testable()).then());
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
            + found.textBeside(left)
            + ", but it was left with "
            + left.text()
            + ": somebody changed it meanwhile";
  }

  @Override
  public boolean isApplied(LiveHop hop, LiveState now) {
    // Another registered model has versions of the same numbers.
    return now.present()
        && hop.version().equals(now.version())
        && Endpoints.live(now).served().stream()
            .allMatch(one -> one.model().equalsIgnoreCase(hop.model()));
  }

  @Override
  public Applied apply(LiveHop hop, Attempt attempt, LiveState seen, Consumer<LiveChange> changed) {
    return new Cutover(hop, settings(hop.settings(), hop.target()), attempt, this, changed).run();
  }

  private static ServeSettings settings(Settings settings, Station target) {
    return Objects.requireNonNull(
        settings.serveAt(target), "only a hop that serves has its endpoint changed");
  }

  @Override
  public Undone undo(LiveContext context, LiveChange change) {
    return new EndpointReturn(context, change.now()).undo(change);
  }

  @Override
  public Restored restore(LiveContext context, LiveState wanted) {
    return Endpoints.name(wanted).isEmpty()
        ? new Restored(Restored.Outcome.UNCHANGED, wanted, "there was no endpoint")
        : new EndpointReturn(context, wanted).restore(wanted);
  }

  @Override
  public Restored putBack(LiveContext context, LiveState before) {
    return Endpoints.name(before).isEmpty()
        ? restore(context, before)
        : new EndpointReturn(context, before).putBack(before);
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
    String file = uri.substring(uri.lastIndexOf('/') + 1);
    String download = "mlflow artifacts download -u " + uri + " -d . && ";
    if (now != null && !now.present()) {
      // With the tag by which promotions know it.
      return download
          + "jq '{name: \""
          + endpoint
          + "\", config: ., tags: [{key: \""
          + Tags.MODEL
          + "\", value: \""
          + Endpoints.model(change.before())
          + "\"}]}' "
          + file
          + " | databricks serving-endpoints create --json @/dev/stdin";
    }
    return download + "databricks serving-endpoints update-config " + endpoint + " --json @" + file;
  }

  /** A file may give its endpoint another name; callers of the former one are not told by us. */
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

  /** Callers of an endpoint that the file no longer names keep getting the old version. */
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
            + "; its callers keep getting that version, and no promotion changes it. To remove it:"
            + " databricks serving-endpoints delete "
            + endpoint;
  }

  /** The endpoint itself does not say how long its file lets a version start. */
  @Override
  public LiveState knownBy(LiveState recorded, LiveState now) {
    return Endpoints.withTimeoutOf(now, recorded);
  }

  /**
   * There can be no second endpoint: its name is unique in a workspace, and a creation whose answer
   * was lost is refused when it is repeated. But what it served before may have been stored twice.
   * It was stored under a key that nothing else has, so the stored file itself leads to that key.
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
}
