package dev.portage.databricks;

/**
 * The Databricks workspaces that this worker serves. Read at each use: if a host, pool or login
 * changes while a promotion waits, the new value applies from then on.
 */
@FunctionalInterface
public interface DatabricksWorkspaces {
  /**
   * The workspace of that name.
   *
   * @throws io.temporal.failure.ApplicationFailure the user's, when there is no such workspace here
   */
  DatabricksWorkspace workspace(String name);
}
