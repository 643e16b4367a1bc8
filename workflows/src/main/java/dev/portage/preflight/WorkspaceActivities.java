package dev.portage.preflight;

import io.temporal.activity.ActivityInterface;

/** Inspects a workspace without changing anything. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface WorkspaceActivities {

  /**
   * Login, rights, pool, warehouse, registry, and what is live, all read in parallel. Whatever is
   * missing is a finding; only an unreachable server is a failure.
   */
  WorkspaceReport inspect(WorkspaceNeeds needs);
}
