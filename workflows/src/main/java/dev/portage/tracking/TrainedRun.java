package dev.portage.tracking;

import dev.portage.candidate.ModelLocation;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A finished MLflow run with a model; or a model alone, if it was logged outside of any run or its
 * run is not in this workspace. Then metrics, params and making are what the model itself says, and
 * {@link ModelLocation#hasRun} is false. A run may have thousands of metrics and params: of those
 * that no gate uses, only as many are kept, by name, as people may want to see.
 *
 * @param model where its model is
 * @param experiment name of the experiment
 * @param runName name of the run
 * @param metrics last values; may hold NaN and infinities
 * @param params as strings, long ones cut
 * @param commit what the run says it was trained from ({@code portage_commit} or {@code
 *     mlflow.source.git.commit}), null when it does not say
 * @param page where people see it, null when unknown
 * @param otherMetrics how many more metrics it has, null for none
 * @param otherParams how many more params it has, null for none
 * @param registered version that the notebook created from it and named, null for none
 * @param making what it says of who made it and from what, null in what earlier releases wrote
 */
public record TrainedRun(
    ModelLocation model,
    String experiment,
    String runName,
    Map<String, Double> metrics,
    Map<String, String> params,
    @Nullable String commit,
    @Nullable URI page,
    @Nullable Integer otherMetrics,
    @Nullable Integer otherParams,
    @Nullable RegisteredAlready registered,
    @Nullable Making making) {

  public TrainedRun {
    metrics = Map.copyOf(metrics);
    params = Map.copyOf(params);
  }

  /** A run of which everything is kept, and no version yet. */
  public TrainedRun(
      ModelLocation model,
      String experiment,
      String runName,
      Map<String, Double> metrics,
      Map<String, String> params,
      @Nullable String commit,
      @Nullable URI page) {
    this(model, experiment, runName, metrics, params, commit, page, null, null, null, null);
  }

  /** The same run, of which this version was made before Portage made any. */
  public TrainedRun registeredAs(RegisteredAlready version) {
    return new TrainedRun(
        model,
        experiment,
        runName,
        metrics,
        params,
        commit,
        page,
        otherMetrics,
        otherParams,
        version,
        making);
  }

  /**
   * The same model, with a run.
   *
   * @param where the model, with the run
   * @param runPage where people see the run, null when unknown
   */
  public TrainedRun inRun(ModelLocation where, @Nullable URI runPage) {
    return new TrainedRun(
        where,
        experiment,
        runName,
        metrics,
        params,
        commit,
        runPage,
        otherMetrics,
        otherParams,
        registered,
        making);
  }

  /** The same run, with this about who made it. */
  public TrainedRun made(Making how) {
    return new TrainedRun(
        model,
        experiment,
        runName,
        metrics,
        params,
        commit,
        page,
        otherMetrics,
        otherParams,
        registered,
        how);
  }
}
