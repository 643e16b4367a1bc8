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
 */
public record WorkspaceReport(String workspace, @Nullable String identity, List<Finding> findings) {

  public WorkspaceReport {
    findings = List.copyOf(findings);
  }
}
