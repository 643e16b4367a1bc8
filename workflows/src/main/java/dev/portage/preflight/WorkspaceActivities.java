package dev.portage.preflight;

import io.temporal.activity.ActivityInterface;

/** Looks at a workspace and changes nothing. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface WorkspaceActivities {

  /**
   * Login, rights, pool, warehouse, registry, and what is live, each asked while others are. A lack
   * is a finding; only an unreachable server is a failure.
   */
  WorkspaceReport inspect(WorkspaceNeeds needs);
}
