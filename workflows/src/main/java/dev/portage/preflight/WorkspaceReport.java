package dev.portage.preflight;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found of one workspace.
 *
 * @param workspace its name
 * @param identity what makes it this workspace and no other: its id where it has one, else its
 *     host; null when it did not answer
 * @param findings in the order they were looked at
 * @param live what was asked beside; null when nothing was, when something is lacking, and from a
 *     worker of an earlier release, which has to be asked for each thing by itself
 */
public record WorkspaceReport(
    String workspace, @Nullable String identity, List<Finding> findings, @Nullable LiveNow live) {

  /** Nothing was asked beside. */
  public WorkspaceReport(String workspace, @Nullable String identity, List<Finding> findings) {
    this(workspace, identity, findings, null);
  }

  public WorkspaceReport {
    findings = List.copyOf(findings);
  }
}
