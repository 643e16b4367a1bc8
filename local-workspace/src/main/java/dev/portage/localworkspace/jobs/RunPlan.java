package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as requested.
 *
 * @param requested by whom, and of which job
 * @param tasks at least one
 * @param gitSource where the code comes from, as it was sent; null where only wheels run
 * @param jobClusters as they were sent
 * @param parameters the job's parameters with the values of this run
 * @param overriding what {@code run-now} put in place of the job's own parameters; null for nothing
 * @param limits of its time, and of other runs beside it
 */
record RunPlan(
    Requested requested,
    List<TaskPlan> tasks,
    @Nullable ObjectNode gitSource,
    ArrayNode jobClusters,
    List<Parameter> parameters,
    @Nullable ObjectNode overriding,
    Limits limits) {

  /**
   * A request for a run.
   *
   * @param submitted whether it came without a job
   * @param jobId the job, or, for a submission, an id of its own
   * @param name the run's name
   * @param creator who requested it
   */
  record Requested(boolean submitted, long jobId, String name, String creator) {}

  /**
   * Limits of a run.
   *
   * @param timeout zero for none
   * @param maxConcurrent how many runs of the job may be active
   * @param queue whether to wait for a slot rather than be skipped
   */
  record Limits(Duration timeout, long maxConcurrent, boolean queue) {}

  /** A job parameter. */
  record Parameter(String name, String defaultValue, String value) {}

  /**
   * A task as requested.
   *
   * @param settings as they were sent
   * @param work with parameters in place, but {@code {{references}}} still to be filled in
   * @param evenAfterFailure whether it runs regardless of how the tasks it depends on ended
   * @param timeout zero for none
   * @param cluster what its cluster is started with
   * @param libraries of the task, or of its environment
   */
  record TaskPlan(
      String key,
      ObjectNode settings,
      Work work,
      List<String> dependsOn,
      boolean evenAfterFailure,
      Duration timeout,
      ClusterSettings cluster,
      List<String> libraries) {}
}
