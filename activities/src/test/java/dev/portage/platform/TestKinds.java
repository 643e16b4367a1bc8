package dev.portage.platform;

import dev.portage.settings.Station.Capability;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** This release's two kinds as far as the files are concerned, without activities. */
final class TestKinds {

  static final Kinds ALL =
      new Kinds(
          List.of(
              new TestKind(
                  "mlflow",
                  EnumSet.of(Capability.TRACK, Capability.REGISTER),
                  Set.of("user", "password", "reader-user", "reader-password"),
                  false),
              new TestKind(
                  "databricks",
                  EnumSet.allOf(Capability.class),
                  Set.of("pool", "warehouse", "runtime", "tables", "compute", "jobs", "endpoints"),
                  true)));

  private TestKinds() {}

  private record TestKind(
      String name, Set<Capability> capabilities, Set<String> keys, boolean needsHostAndToken)
      implements WorkspaceKind {
    @Override
    public List<Object> activities(Workspace workspace, WorkspaceAccess access) {
      return List.of();
    }
  }
}
