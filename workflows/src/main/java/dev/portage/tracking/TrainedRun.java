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
    return toBuilder().registered(version).build();
  }

  /**
   * The same model, with a run.
   *
   * @param where the model, with the run
   * @param runPage where people see the run, null when unknown
   */
  public TrainedRun inRun(ModelLocation where, @Nullable URI runPage) {
    return of(where, experiment, runName)
        .metrics(metrics)
        .params(params)
        .commit(commit)
        .page(runPage)
        .others(otherMetrics, otherParams)
        .registered(registered)
        .making(making)
        .build();
  }

  /** The same run, with this about who made it. */
  public TrainedRun made(Making how) {
    return toBuilder().making(how).build();
  }

  /** One to be filled in; what is not named is null or empty. */
  public static Builder of(ModelLocation model, String experiment, String runName) {
    return new Builder(model, experiment, runName);
  }

  /** This one, to be changed. */
  Builder toBuilder() {
    Builder builder = new Builder(model, experiment, runName);
    builder.metrics = metrics;
    builder.params = params;
    builder.commit = commit;
    builder.page = page;
    builder.otherMetrics = otherMetrics;
    builder.otherParams = otherParams;
    builder.registered = registered;
    builder.making = making;
    return builder;
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final ModelLocation model;
    private final String experiment;
    private final String runName;
    private Map<String, Double> metrics = Map.of();
    private Map<String, String> params = Map.of();
    private @Nullable String commit;
    private @Nullable URI page;
    private @Nullable Integer otherMetrics;
    private @Nullable Integer otherParams;
    private @Nullable RegisteredAlready registered;
    private @Nullable Making making;

    private Builder(ModelLocation model, String experiment, String runName) {
      this.model = model;
      this.experiment = experiment;
      this.runName = runName;
    }

    /** Last values; may hold NaN and infinities. */
    public Builder metrics(Map<String, Double> metrics) {
      this.metrics = metrics;
      return this;
    }

    /** As strings, long ones cut. */
    public Builder params(Map<String, String> params) {
      this.params = params;
      return this;
    }

    /**
     * What the run says it was trained from ({@code portage_commit} or {@code
     * mlflow.source.git.commit}), null when it does not say.
     */
    public Builder commit(@Nullable String commit) {
      this.commit = commit;
      return this;
    }

    /** Where people see it, null when unknown. */
    public Builder page(@Nullable URI page) {
      this.page = page;
      return this;
    }

    /** How many more metrics and params it has, null for none. */
    public Builder others(@Nullable Integer otherMetrics, @Nullable Integer otherParams) {
      this.otherMetrics = otherMetrics;
      this.otherParams = otherParams;
      return this;
    }

    /** Version that the notebook created from it and named, null for none. */
    public Builder registered(@Nullable RegisteredAlready registered) {
      this.registered = registered;
      return this;
    }

    /** What it says of who made it and from what, null in what earlier releases wrote. */
    public Builder making(@Nullable Making making) {
      this.making = making;
      return this;
    }

    /** What was filled in. */
    public TrainedRun build() {
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
          making);
    }
  }
}
