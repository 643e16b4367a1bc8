package dev.portage.tracking;

import dev.portage.candidate.ModelLocation;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A finished MLflow run with a model.
 *
 * @param model where its model is
 * @param experiment name of the experiment
 * @param runName name of the run
 * @param metrics last value of each; may hold NaN and infinities
 * @param params as strings
 * @param commit what the run says it was trained from ({@code portage_commit} or {@code
 *     mlflow.source.git.commit}), null when it does not say
 * @param page where people see it, null when unknown
 */
public record TrainedRun(
    ModelLocation model,
    String experiment,
    String runName,
    Map<String, Double> metrics,
    Map<String, String> params,
    @Nullable String commit,
    @Nullable URI page) {

  public TrainedRun {
    metrics = Map.copyOf(metrics);
    params = Map.copyOf(params);
  }
}
