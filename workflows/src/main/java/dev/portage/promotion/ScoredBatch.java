package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.job.JobActivities;
import dev.portage.job.OthersQuery;
import dev.portage.job.OthersRun;
import dev.portage.job.RunResult;
import dev.portage.job.Source;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.ScoringValues;
import dev.portage.settings.Station;
import dev.portage.temporal.Queues;
import java.util.Map;
import java.util.Objects;

/** The batch that a hop scores: its settings and names, and what its runs are given. */
final class ScoredBatch {

  private final Journey journey;
  private final Station target;
  private final Hop.Arrived arrived;
  private final String step;

  ScoredBatch(Journey journey, Station target, Hop.Arrived arrived) {
    this.journey = journey;
    this.target = target;
    this.arrived = arrived;
    this.step = StepNames.hop(target, "batch");
  }

  Journey journey() {
    return journey;
  }

  Station target() {
    return target;
  }

  String workspace() {
    return target.workspace();
  }

  /** Name of the step that scores it. */
  String step() {
    return step;
  }

  /** Settings of the batch in this workspace; only where the file has one. */
  BatchSettings settings() {
    return Objects.requireNonNull(journey.settings().batchAt(target), "only if wanted");
  }

  Source source() {
    return journey.source(step, settings().scoring().named(), target);
  }

  String version() {
    return arrived.version().version();
  }

  String modelUri() {
    return "models:/" + target.model() + "/" + version();
  }

  /** One batch per promotion and target: a rerun writes the same batch. */
  String id() {
    return journey.id() + "/" + target.workspace();
  }

  /** What a run is given that writes a table, by the names in {@link ScoringValues}. */
  Map<String, String> values(String table) {
    return Map.of(
        ScoringValues.MODEL_URI, modelUri(),
        ScoringValues.MODEL_VERSION, version(),
        ScoringValues.TABLE, table,
        ScoringValues.BATCH, id(),
        ScoringValues.PROMOTION, journey.id());
  }

  /**
   * A promotion that started a run under an earlier turn no longer holds it: it was terminated
   * together with the lane, or has lost the turn, and nothing may go live through that run. No
   * other run may score alongside ours.
   */
  void endOthers(long jobId) {
    for (OthersRun other :
        jobs("find runs that others left of job " + jobId)
            .othersRuns(new OthersQuery(workspace(), jobId, journey.id()))) {
      RunResult ended =
          jobs("end run " + other.run().runId() + ", left by another promotion")
              .cancelRun(other.run());
      journey
          .progress()
          .notice(
              "run "
                  + other.run().runId()
                  + " of job "
                  + jobId
                  + " in "
                  + workspace()
                  + " was left by "
                  + other.promotion()
                  + ", which no longer holds the turn; the run was stopped: "
                  + ended.state());
    }
  }

  String queue() {
    return Queues.of(workspace());
  }

  private JobActivities jobs(String summary) {
    return Stubs.quick(JobActivities.class, queue(), journey.settings().retryTimeout(), summary);
  }
}
