package dev.portage.tracking;

import dev.portage.job.RunRef;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the MLflow run that a notebook run made.
 *
 * @param workspace where it ran
 * @param jobRun the notebook's run; its id stands in the MLflow run's tags
 * @param exitValue what the notebook returned, may hold {@code run_id}; null without
 * @param runId the run when it is already known, as from {@code --run-id}; null otherwise
 */
public record RunSearch(
    String workspace,
    @Nullable RunRef jobRun,
    @Nullable String exitValue,
    @Nullable String runId) {}
