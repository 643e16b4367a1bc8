package dev.portage.preflight;

import dev.portage.registry.Marking;
import dev.portage.settings.Station;
import java.util.List;
import java.util.Set;

/** A platform file that has these workspaces, in which models are called as they are. */
public record KnownWorkspaces(List<String> workspaces) implements PlatformActivities {

  /** These, in this order. */
  public static KnownWorkspaces of(String... names) {
    return new KnownWorkspaces(List.of(names));
  }

  @Override
  public List<Station> stations(String model) {
    return workspaces.stream()
        .map(name ->
            new Station(
                name, "databricks", Set.of(Station.Capability.values()), model, Marking.ALIASES))
        .toList();
  }
}
