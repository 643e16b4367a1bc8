package dev.portage.preflight;

import dev.portage.settings.WorkspaceNames;
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
 * @param names what its things are called, by patterns; null from a worker of an earlier release
 */
public record WorkspaceReport(
    String workspace,
    @Nullable String identity,
    List<Finding> findings,
    @Nullable LiveNow live,
    @Nullable WorkspaceNames names) {

  /** Without saying what its things are called. */
  public WorkspaceReport(
      String workspace, @Nullable String identity, List<Finding> findings, @Nullable LiveNow live) {
    this(workspace, identity, findings, live, null);
  }

  /** Nothing else was read. */
  public WorkspaceReport(String workspace, @Nullable String identity, List<Finding> findings) {
    this(workspace, identity, findings, null);
  }

  /** The same, and what its things are called. */
  public WorkspaceReport named(WorkspaceNames its) {
    return new WorkspaceReport(workspace, identity, findings, live, its);
  }

  public WorkspaceReport {
    findings = List.copyOf(findings);
  }
}
