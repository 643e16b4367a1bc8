package dev.portage.databricks;

/**
 * The Databricks workspaces that this worker serves. Read at each use: a host, pool or login that
 * was changed while a promotion waits counts from then on.
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
