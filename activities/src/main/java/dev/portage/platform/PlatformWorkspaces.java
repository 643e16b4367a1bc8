package dev.portage.platform;

import dev.portage.preflight.PlatformActivities;
import dev.portage.settings.Station;
import java.util.List;
import java.util.Optional;

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

  @Override
  public List<Station> stations(String model) {
    List<Workspace> workspaces = inOrder(source.platform());
    String name =
        workspaces.stream()
            .map(workspace -> workspace.nameOf(model))
            .flatMap(Optional::stream)
            .findFirst()
            .orElse(model);
    return workspaces.stream()
        .map(workspace -> workspace.station(name).named(workspace.names()))
        .toList();
  }

  private static List<Workspace> inOrder(Platform platform) {
    return platform.inOrder().stream().map(platform::workspace).flatMap(Optional::stream).toList();
  }
}
