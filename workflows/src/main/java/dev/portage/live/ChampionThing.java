package dev.portage.live;

import dev.portage.activity.LostAnswers;
import dev.portage.activity.Stubs;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.plan.Action;
import dev.portage.plan.Planner;
import dev.portage.registry.Champion;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marked;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.UnmarkOrder;
import dev.portage.release.Release;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.step.Attempt;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The champion of a model: which version holds alias {@code champion} or stage Production. Its move
 * is the point of no return. It is attempted for a bounded time, since a turn is held; if it fails,
 * it is checked whether it moved all the same.
 */
final class ChampionThing implements LiveThing {

  static final String NAME = "champion";

  private static final String RUN = "run";
  private static final String COMMIT = "commit";
  private static final String DIGEST = "digest";
  private static final String PROMOTION = "promotion";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<Map<String, String>> find(Settings settings, Station target) {
    return Optional.of(Map.of());
  }

  @Override
  public String whyNot() {
    return "no champion";
  }

  @Override
  public LiveState observe(LiveRef ref, Look look) {
    return look.champion()
        .map(champion -> state(champion, ref.marking()))
        .orElse(LiveState.none(name(), "nothing"));
  }

  private LiveState state(Champion champion, Marking marking) {
    Map<String, String> values = new HashMap<>();
    values.put("mark", marking.live());
    put(values, RUN, champion.version().runId());
    put(values, COMMIT, champion.commit());
    put(values, DIGEST, champion.digest());
    put(values, PROMOTION, champion.promotion());
    return state(champion.version().version(), values);
  }

  private LiveState state(String version, Map<String, String> values) {
    return new LiveState(name(), true, version, "version " + version, values, null);
  }

  private static void put(Map<String, String> values, String name, @Nullable String value) {
    if (value != null) {
      values.put(name, value);
    }
  }

  @Override
  public Action plan(PlannedHop hop, LiveState now) {
    Station target = hop.target();
    return new Action(
        target.workspace() + "/" + name(),
        target.marking().live() + " of " + target.model() + " in " + target.workspace(),
        now.text(),
        Planner.NEW_VERSION);
  }

  /** Gates compare with the champion, so they say what its move means. */
  @Override
  public boolean isForTheGates(LiveState approved, LiveState now, @Nullable String champion) {
    return true;
  }

  @Override
  public boolean isApplied(LiveHop hop, LiveState now) {
    return hop.version().equals(now.version());
  }

  @Override
  public Applied apply(LiveHop hop, Attempt attempt, LiveState seen, Consumer<LiveChange> changed) {
    Marked marked = mark(hop);
    String replaced = replaced(marked, hop.version(), seen);
    LiveState before =
        replaced == null
            ? LiveState.none(name(), "nothing")
            : replaced.equals(seen.version()) ? seen : state(replaced, Map.of());
    LiveChange change =
        new LiveChange(before, state(hop.version(), Map.of("mark", hop.marking().live())));
    changed.accept(change);
    return new Applied(
        change,
        marked.mark() + " " + (replaced == null ? "nothing" : replaced) + " → " + hop.version(),
        hop.page());
  }

  /**
   * A move that finds itself done says nothing about before; that was recorded when it was read.
   */
  private static @Nullable String replaced(Marked marked, String version, LiveState seen) {
    if (!marked.version().equals(marked.previous())) {
      return marked.previous();
    }
    return version.equals(seen.version()) ? null : seen.version();
  }

  private Marked mark(LiveHop hop) {
    String mark = hop.marking().live();
    long began = Workflow.currentTimeMillis();
    try {
      return registry(hop, mark + " becomes version " + hop.version())
          .mark(order(hop, hop.version()));
    } catch (TemporalFailure failure) {
      if (!wasMoved(hop, began, failure)) {
        throw failure;
      }
      hop.notice(
          mark
              + " of "
              + hop.model()
              + " in "
              + hop.workspace()
              + " is version "
              + hop.version()
              + ", although the response to moving it was: "
              + Failures.line(failure));
      return new Marked(mark, hop.version(), hop.version());
    }
  }

  private boolean wasMoved(LiveHop hop, long began, TemporalFailure failure) {
    try {
      return LostAnswers.lookFor(
              began,
              () ->
                  Stubs.afterwards(
                          RegistryActivities.class,
                          Queues.of(hop.workspace()),
                          hop.retryTimeout(),
                          "did " + hop.marking().live() + " move?")
                      .champion(new ModelQuery(hop.workspace(), hop.model(), hop.marking()))
                      .filter(champion -> hop.version().equals(champion.version().version())))
          .isPresent();
    } catch (TemporalFailure blind) {
      throw new ChangeNotKnown(
          hop.step(this),
          Problem.of(
              FailureKind.PLATFORM,
              "move " + hop.marking().live() + " of " + hop.model() + " to " + hop.version(),
              "workspace " + hop.workspace(),
              "unknown whether it moved, so nothing was undone. Moving it: "
                  + Failures.line(failure)
                  + ". Reading it: "
                  + Failures.line(blind),
              "Check which version is champion there; once it can be read: portage resume "
                  + hop.holder()));
    }
  }

  /**
   * Only where what the change set is still there; after a release it is a rollback that moves it.
   */
  @Override
  public Undone undo(LiveContext context, LiveChange change) {
    LiveState now = LiveThings.observe(context, this, Map.of());
    if (!Objects.equals(now.version(), change.now().version())) {
      return new Undone(
          Undone.Outcome.FOUND_OTHER,
          context.marking().live() + " of " + context.model() + " is " + now.text() + " by now");
    }
    return new Undone(Undone.Outcome.PUT_BACK, restore(context, change.before()).text());
  }

  @Override
  public String byHand(LiveContext context, LiveChange change, @Nullable LiveState now) {
    String model = "'" + context.model() + "'";
    String version = change.before().version();
    String call =
        switch (context.marking()) {
          case ALIASES ->
              version == null
                  ? "delete_registered_model_alias(" + model + ", 'champion')"
                  : "set_registered_model_alias(" + model + ", 'champion', '" + version + "')";
          case STAGES ->
              "transition_model_version_stage("
                  + model
                  + ", '"
                  + (version == null ? change.now().version() : version)
                  + "', '"
                  + (version == null ? "Archived" : "Production")
                  + "')";
        };
    return "python -c \"import mlflow; mlflow.MlflowClient()." + call + "\"";
  }

  @Override
  public Restored restore(LiveContext context, LiveState desired) {
    String mark = context.marking().live();
    String of = mark + " of " + context.model() + " in " + context.workspace();
    String version = desired.version();
    if (version != null) {
      Marked marked =
          registry(context, mark + " becomes version " + version).mark(order(context, version));
      boolean was = version.equals(marked.previous());
      return new Restored(
          was ? Restored.Outcome.UNCHANGED : Restored.Outcome.RESTORED,
          desired,
          of + (was ? " already was version " : " is version ") + version);
    }
    String held = LiveThings.observe(context, this, Map.of()).version();
    if (held == null) {
      return new Restored(Restored.Outcome.UNCHANGED, desired, of + " already was no version");
    }
    registry(context, mark + " is taken from version " + held)
        .unmark(
            new UnmarkOrder(
                context.workspace(), context.model(), held, context.marking(), mark, null));
    return new Restored(Restored.Outcome.RESTORED, desired, of + " is no version");
  }

  private static MarkOrder order(LiveContext context, String version) {
    return new MarkOrder(
        context.workspace(),
        context.model(),
        version,
        context.marking(),
        context.marking().live(),
        context.grant());
  }

  private static RegistryActivities registry(LiveContext context, String summary) {
    return Stubs.quick(
        RegistryActivities.class, Queues.of(context.workspace()), context.retryTimeout(), summary);
  }

  @Override
  public void record(Release.Builder release, LiveChange change) {
    release.previousVersion(change.before().version());
  }
}
