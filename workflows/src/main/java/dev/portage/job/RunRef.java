package dev.portage.job;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A run of a job in a workspace.
 *
 * @param workspace where it runs
 * @param jobId the job, null for a one-time run
 * @param runId the run
 * @param page where people see it, null until the workspace says
 */
public record RunRef(String workspace, @Nullable Long jobId, long runId, @Nullable URI page) {}
