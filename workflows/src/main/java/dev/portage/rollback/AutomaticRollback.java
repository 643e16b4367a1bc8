package dev.portage.rollback;

import dev.portage.activity.Stubs;
import dev.portage.live.LiveState;
import dev.portage.live.LiveStates;
import dev.portage.live.LiveWatchId;
import dev.portage.live.ReleasedEndpoint;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Workflow code: the rollback that the watch of a release starts, without a person. Whoever
 * approved the release saw in its plan that this may happen, so nobody is asked again.
 */
public final class AutomaticRollback {

  private AutomaticRollback() {}

  /**
   * Where one goes back to.
   *
   * @param version version of the release before
   * @param first the first id that the rollback may have, with the registered model's full name
   * @param name what the model is called in {@code promotion.yaml}, by which people list it
   * @param states of live things while it was live; null if no record has them
   */
  public record Target(
      String version, RollbackId first, String name, @Nullable List<LiveState> states) {

    /** Whether it moves the traffic of an endpoint; also where that is not known. */
    public boolean movesTraffic(String endpoint) {
      List<LiveState> known = states;
      if (known == null) {
        return true;
      }
      LiveState served = ReleasedEndpoint.of(known);
      return served != null && endpoint.equals(LiveStates.endpointName(served));
    }
  }

  /**
   * Where it would go back to; empty if no release before the live one is recorded that no rollback
   * has left.
   *
   * @param name what the model is called in {@code promotion.yaml}
   * @param live version that is live
   * @throws io.temporal.failure.TemporalFailure if the log can't be read
   */
  public static Optional<Target> target(
      Station at, String name, String live, Duration retryTimeout) {
    WayBack back =
        Stubs.searching(
                WayBackActivities.class,
                Queues.of(at.workspace()),
                retryTimeout,
                "which release " + at.workspace() + " had before")
            .wayBack(new WayBackQuery(at.workspace(), at.model(), live, null));
    WayBack.Recorded to = back.target();
    return to == null
        ? Optional.empty()
        : Optional.of(
            new Target(
                to.release().version(),
                new RollbackId(at.workspace(), at.model(), back.lastRollback() + 1),
                name,
                to.states()));
  }

  /**
   * Starts it as a workflow of its own, once, and waits for its end.
   *
   * @param live version that is live now; if another one is by then, nothing is changed
   * @param by id of the workflow that orders it
   * @param started is told the id, as soon as it is known
   * @throws dev.portage.step.EarlyEnd with the problem that it ended with
   * @throws io.temporal.failure.ActivityFailure if another rollback is running
   */
  public static RollbackView run(
      Target to, String live, String by, String reason, Consumer<RollbackId> started) {
    return OneRollback.by(
        to.first(),
        new RollbackStart(
            to.first().model(),
            to.first().workspace(),
            to.version(),
            reason,
            by,
            false,
            new RollbackStart.Expected(live, to.version(), to.first().model())),
        to.name(),
        started);
  }

  /**
   * Whether the current workflow is an automatic rollback. The id of its parent tells: a watch
   * starts rollbacks only if a promotion started it, and {@link Rollback} refuses to start one from
   * under the id of a watch.
   */
  static boolean isOne(RollbackSettings known) {
    return Workflow.getInfo()
        .getParentWorkflowId()
        .flatMap(LiveWatchId::of)
        .filter(watch -> watch.isOf(known.target()))
        .isPresent();
  }
}
