package dev.portage.platform;

import dev.portage.settings.Station.Ability;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The two kinds of this release as far as files are concerned, without activities behind them. */
final class TestKinds {

  static final Kinds ALL =
      new Kinds(
          List.of(
              new TestKind(
                  "mlflow",
                  EnumSet.of(Ability.TRACK, Ability.REGISTER),
                  Set.of("user", "password", "reader-user", "reader-password"),
                  false),
              new TestKind(
                  "databricks",
                  EnumSet.allOf(Ability.class),
                  Set.of("pool", "warehouse", "runtime", "tables", "compute"),
                  true)));

  private TestKinds() {}

  private record TestKind(
      String name, Set<Ability> abilities, Set<String> keys, boolean needsHostAndToken)
      implements WorkspaceKind {
    @Override
    public List<Object> activities(Workspace workspace, Connections connections) {
      return List.of();
    }
  }
}
