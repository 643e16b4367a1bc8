package dev.portage.candidate;

import org.jspecify.annotations.Nullable;

/**
 * Where one trained model's files are, by exact ids.
 *
 * @param workspace the workspace that holds the files
 * @param experimentId MLflow's id of the experiment
 * @param runId MLflow's id of the run that trained it, or into which it was copied
 * @param modelId id of the MLflow 3 logged model ({@code m-…}), null in the older layout, where
 *     files belong to the run
 * @param path folder of the model inside the run's artifacts, such as "model"; in the newer layout
 *     the logged model's name
 * @param source what a registered version of it gives as its source: {@code models:/m-…} or {@code
 *     runs:/…/model}
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
    String artifactUri) {}
