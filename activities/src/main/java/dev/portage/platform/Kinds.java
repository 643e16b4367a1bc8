package dev.portage.platform;

import java.util.List;
import java.util.Optional;

/**
 * The kinds of workspaces that this release knows.
 *
 * @param list in the order in which messages name them
 */
public record Kinds(List<WorkspaceKind> list) {

  public Kinds {
    list = List.copyOf(list);
  }

  /** The kind of that name. */
  public Optional<WorkspaceKind> named(String name) {
    return list.stream().filter(kind -> kind.name().equals(name)).findFirst();
  }

  /** All names. */
  public List<String> names() {
    return list.stream().map(WorkspaceKind::name).toList();
  }
}
