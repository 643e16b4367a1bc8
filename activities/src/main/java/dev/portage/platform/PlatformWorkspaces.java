package dev.portage.platform;

import dev.portage.preflight.PlatformActivities;
import java.util.List;

/** Lists the workspaces of the platform file. */
public final class PlatformWorkspaces implements PlatformActivities {

  private final PlatformSource source;

  /** Reads this file. */
  public PlatformWorkspaces(PlatformSource source) {
    this.source = source;
  }

  @Override
  public List<String> workspaces() {
    return source.platform().inOrder();
  }
}
