package dev.portage.promotion;

import dev.portage.job.Source;
import dev.portage.live.LeftRuns;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.ScoringValues;
import dev.portage.settings.Station;
import dev.portage.settings.Work;
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
    BatchSettings batch =
        Objects.requireNonNull(journey.settings().batchAt(target), "only if wanted");
    if (!(batch.scoring() instanceof Work.Defined)) {
      return batch;
    }
    Source source = source();
    return batch.of(source.commit(), source.folder());
  }

  Source source() {
    BatchSettings batch =
        Objects.requireNonNull(journey.settings().batchAt(target), "only if wanted");
    return journey.source(step, batch.scoring().named(), target);
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

  /** No other run may score alongside ours. */
  void endOthers(long jobId) {
    new LeftRuns(workspace(), jobId, journey.id(), journey.settings().retryTimeout())
        .end()
        .forEach(journey.progress()::notice);
  }

  String queue() {
    return Queues.of(workspace());
  }
}
