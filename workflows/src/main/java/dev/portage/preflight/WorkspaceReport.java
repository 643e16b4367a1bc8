package dev.portage.preflight;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The findings about one workspace.
 *
 * @param workspace its name
 * @param identity what identifies this workspace: its id if it has one, else its host; null if it
 *     did not respond
 * @param findings in the order of the checks
 * @param live what else was read; null if nothing was, if something failed, and from a worker of an
 *     earlier release, which needs a separate call for each thing
 */
public record WorkspaceReport(
    String workspace, @Nullable String identity, List<Finding> findings, @Nullable LiveNow live) {

  /** Nothing else was read. */
  public WorkspaceReport(String workspace, @Nullable String identity, List<Finding> findings) {
    this(workspace, identity, findings, null);
  }

  public WorkspaceReport {
    findings = List.copyOf(findings);
  }
}
