package dev.portage.platform;

import dev.portage.freeze.Freeze;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A freeze in the platform file.
 *
 * @param workspaces names of the workspaces; empty for all
 * @param from when it begins
 * @param until when it ends
 * @param reason why
 * @param origin its place, such as "portage.yaml:31"
 */
public record PlannedFreeze(
    List<String> workspaces, Instant from, Instant until, String reason, String origin) {

  public PlannedFreeze {
    workspaces = List.copyOf(workspaces);
  }

  /** What it means for a workspace; empty if it isn't about that one. */
  public Optional<Freeze> of(String workspace) {
    return workspaces.isEmpty() || workspaces.contains(workspace)
        ? Optional.of(
            new Freeze(
                "file/" + from + "/" + until, workspace, from, until, origin, reason, null, null))
        : Optional.empty();
  }
}
