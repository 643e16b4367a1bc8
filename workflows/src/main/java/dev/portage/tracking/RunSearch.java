package dev.portage.tracking;

import dev.portage.job.RunRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query for the MLflow run that a notebook run created.
 *
 * @param workspace where it ran
 * @param jobRun the notebook's run; its id is in the MLflow run's tags
 * @param exitValue what the notebook returned, read by {@link ExitValue}; null without
 * @param runId the run when it is already known, as from {@code --run-id}; null otherwise
 * @param metrics metrics that gates use, which are always included; null for none
 * @param choice which of several runs with a model it is; null where several are an error
 */
public record RunSearch(
    String workspace,
    @Nullable RunRef jobRun,
    @Nullable String exitValue,
    @Nullable String runId,
    @Nullable List<String> metrics,
    @Nullable RunChoice choice) {

  public RunSearch {
    metrics = metrics == null ? null : List.copyOf(metrics);
  }

  /** Asks without caring for metrics. */
  public RunSearch(
      String workspace,
      @Nullable RunRef jobRun,
      @Nullable String exitValue,
      @Nullable String runId) {
    this(workspace, jobRun, exitValue, runId, null, null);
  }

  /** Asks for the one run, or that of a known id. */
  public RunSearch(
      String workspace,
      @Nullable RunRef jobRun,
      @Nullable String exitValue,
      @Nullable String runId,
      @Nullable List<String> metrics) {
    this(workspace, jobRun, exitValue, runId, metrics, null);
  }
}
