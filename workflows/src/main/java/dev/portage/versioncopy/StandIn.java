package dev.portage.versioncopy;

import dev.portage.activity.Stubs;
import dev.portage.candidate.ModelLocation;
import dev.portage.tracking.TrackingActivities;
import dev.portage.tracking.TrainedRun;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Workflow code for a model that no known run trained, such as one that MLflow 3 logged outside of
 * a run: it gets a run that stands for it, and people are told what is not known.
 */
public final class StandIn {

  private StandIn() {}

  /**
   * The model with a run.
   *
   * @param trained as found
   * @param queue task queue of its workspace's workers
   * @param timeout how long to retry a server that doesn't respond
   * @param told called with what is not known; not called if there is a run
   */
  public static TrainedRun of(
      TrainedRun trained, String queue, Duration timeout, Consumer<String> told) {
    ModelLocation model = trained.model();
    if (model.hasRun()) {
      return trained;
    }
    TrainedRun stoodFor =
        Stubs.quick(TrackingActivities.class, queue, timeout, "make a run for " + model.source())
            .standIn(trained);
    told.accept(
        "no run in "
            + model.workspace()
            + " is known to have trained "
            + model.source()
            + ": its data and code are unknown, and its metrics are those recorded for the model"
            + " itself ("
            + (trained.metrics().isEmpty() ? "none" : trained.metrics().size())
            + "); Portage made run "
            + stoodFor.model().runId()
            + " to stand for it");
    return stoodFor;
  }
}
