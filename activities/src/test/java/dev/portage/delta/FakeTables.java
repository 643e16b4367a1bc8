package dev.portage.delta;

import dev.portage.databricks.ActivityWait;
import dev.portage.databricks.CatalogTables;
import dev.portage.databricks.DatabricksClients;
import dev.portage.databricks.RunsLeft;
import dev.portage.databricks.Statements;

/** Tables of a workspace where no promotion has left anything. */
public final class FakeTables {

  private FakeTables() {}

  /** Tables that are reached by these. */
  public static DeltaTables of(DatabricksClients clients, ActivityWait waiting) {
    return of(clients, waiting, _ -> Leftovers.State.RUNS);
  }

  /** The same, where Temporal knows other promotions. */
  static DeltaTables of(
      DatabricksClients clients, ActivityWait waiting, Leftovers.Promotions promotions) {
    Statements statements = new Statements(clients, waiting);
    return new DeltaTables(
        statements,
        new CatalogTables(clients),
        new Leftovers(statements, new RunsLeft(clients), promotions));
  }
}
