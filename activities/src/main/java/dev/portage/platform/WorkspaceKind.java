package dev.portage.platform;

import dev.portage.settings.Station;
import java.util.List;
import java.util.Set;

/**
 * What a workspace is and how to talk to it. To add a kind, implement this in one class and add one
 * line to the list in {@code KnownKinds}.
 */
public interface WorkspaceKind {

  /** Its name in the platform file. */
  String name();

  /** What it can do. A step that needs more is refused when settings are made. */
  Set<Station.Capability> capabilities();

  /** Keys of the platform file that it uses, in addition to those that every kind has. */
  Set<String> keys();

  /** Whether it can't be used without an address of its own, and without a login. */
  boolean needsHostAndToken();

  /** The activities of such a workspace, for its task queue. */
  List<Object> activities(Workspace workspace, WorkspaceAccess access);
}
