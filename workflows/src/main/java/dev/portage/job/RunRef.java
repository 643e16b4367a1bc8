package dev.portage.job;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run of a job in a workspace.
 *
 * @param workspace where it runs
 * @param jobId the job, null for a one-time run
 * @param runId the run
 * @param page where people see it, null until the workspace says
 * @param taskRunId run of its one task, which is what MLflow's tags name; null until the workspace
 *     says
 * @param otherTaskRuns runs of its other tasks, the last attempt of each; null for none
 */
public record RunRef(
    String workspace,
    @Nullable Long jobId,
    long runId,
    @Nullable URI page,
    @Nullable Long taskRunId,
    @Nullable List<Long> otherTaskRuns) {

  public RunRef {
    otherTaskRuns = otherTaskRuns == null ? null : List.copyOf(otherTaskRuns);
  }

  /** A run of one task. */
  public RunRef(
      String workspace,
      @Nullable Long jobId,
      long runId,
      @Nullable URI page,
      @Nullable Long taskRunId) {
    this(workspace, jobId, runId, page, taskRunId, null);
  }

  /** A run whose task has not been seen yet. */
  public RunRef(String workspace, @Nullable Long jobId, long runId, @Nullable URI page) {
    this(workspace, jobId, runId, page, null, null);
  }
}
