package dev.portage.candidate;

import org.jspecify.annotations.Nullable;

/**
 * Where one trained model's files are, by exact ids.
 *
 * @param workspace the workspace that holds the files
 * @param experimentId MLflow's id of the experiment; empty if neither a run nor a logged model says
 * @param runId MLflow's id of the run that trained it, or into which it was copied; empty if no run
 *     of the workspace is known to have trained it, which lasts until one is made to stand for it
 * @param modelId id of the MLflow 3 logged model ({@code m-…}), null in the older layout, where
 *     files belong to the run
 * @param path folder of the model inside the run's artifacts, such as "model"; in the newer layout
 *     the logged model's name
 * @param source what a registered version of it gives as its source: {@code models:/m-…} or {@code
 *     runs:/…/model}; where no run is known, whatever the version's own source is
 * @param artifactUri where the server keeps the files, as {@code
 *     mlflow-artifacts:/1/models/m-…/artifacts}
 */
public record ModelLocation(
    String workspace,
    String experimentId,
    String runId,
    @Nullable String modelId,
    String path,
    String source,
    String artifactUri) {

  /** Whether a run is known, to which files about the model can be added. */
  public boolean hasRun() {
    return !runId.isEmpty();
  }

  /** The same files, with this run. */
  public ModelLocation inRun(String experiment, String run) {
    return new ModelLocation(workspace, experiment, run, modelId, path, source, artifactUri);
  }
}
