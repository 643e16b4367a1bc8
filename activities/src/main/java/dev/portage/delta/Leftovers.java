package dev.portage.delta;

import dev.portage.databricks.RunsLeft;
import dev.portage.databricks.Statements;
import dev.portage.databricks.Statements.Outcome;
import dev.portage.scoring.StagingOrder;
import dev.portage.scoring.StagingTable;
import dev.portage.text.Bounded;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What promotions of a model have left in a workspace that were terminated: no code of theirs ran
 * then. The next promotion of the model ends their runs and drops their tables. A name alone proves
 * nothing: it must be the name that one of the promotion's own attempts makes, and Temporal must
 * say that this promotion is over.
 */
public final class Leftovers {
  private static final int MOST = 20;

  private final Statements statements;
  private final RunsLeft runs;
  private final Promotions promotions;

  /** Asks Temporal. */
  @FunctionalInterface
  public interface Promotions {
    /**
     * Whether a promotion is over.
     *
     * @param promotion its workflow id
     */
    State state(String promotion);
  }

  /** What Temporal says of a promotion. */
  public enum State {
    /** It runs, or what it left unfinished is being finished. */
    RUNS,
    /** It has ended, and nothing is left to do. */
    OVER,
    /** It has ended, and {@code portage resume} would go on with what it left unfinished. */
    UNFINISHED,
    /** Temporal does not know it, or no longer. */
    UNKNOWN
  }

  /** Leftovers that are found and ended by these. */
  public Leftovers(Statements statements, RunsLeft runs, Promotions promotions) {
    this.statements = statements;
    this.runs = runs;
    this.promotions = promotions;
  }

  /**
   * Ends what is left of promotions that are over.
   *
   * @return a sentence for each thing that was there; whatever is in the way of looking stops no
   *     promotion, and is looked at again by the next one
   */
  List<String> end(StagingOrder order) {
    String promotion = order.promotion();
    int key = promotion == null ? -1 : promotion.indexOf('/', promotion.indexOf('/') + 1) + 1;
    if (promotion == null || key <= 0) {
      return List.of();
    }
    return new Sweep(order, promotion, promotion.substring(0, key)).told();
  }

  private final class Sweep {
    private final StagingOrder order;
    private final String own;
    private final String prefix;
    private final Map<String, State> known = new HashMap<>();
    private final List<String> told = new ArrayList<>();

    Sweep(StagingOrder order, String own, String prefix) {
      this.order = order;
      this.own = own;
      this.prefix = prefix;
    }

    List<String> told() {
      try {
        // What still runs would write its table again.
        runs.active(order.workspace(), prefix).forEach(this::end);
        tables().stream().limit(MOST).forEach(this::end);
      } catch (ApplicationFailure failure) {
        // Nobody waits for it: the step itself says what is wrong with the workspace.
        return told;
      }
      return told;
    }

    private void end(RunsLeft.Left run) {
      if (state(run.promotion()) != State.OVER) {
        return;
      }
      runs.cancel(order.workspace(), run);
      told.add(
          "run "
              + run.runId()
              + " ("
              + Bounded.line(run.name(), 60)
              + ") of "
              + run.promotion()
              + ", which is over, was cancelled in "
              + order.workspace());
    }

    private void end(String table) {
      Optional<String> promotion =
          StagingTable.promotionOf(table, order.live(), prefix, order.workspace());
      if (promotion.isEmpty()) {
        return;
      }
      String of = " of " + promotion.get();
      String name = table + " in " + order.workspace() + of;
      switch (state(promotion.get())) {
        case RUNS -> {}
        case OVER -> told.add("table " + name + ", which is over, " + dropped(table));
        case UNFINISHED ->
            told.add(
                "table "
                    + name
                    + " stays, since that is unfinished: portage resume "
                    + promotion.get()
                    + " publishes or drops it");
        case UNKNOWN ->
            told.add(
                "table "
                    + name
                    + " stays, since Temporal doesn't know that promotion (any more); to drop it:"
                    + " DROP TABLE "
                    + table);
      }
    }

    private String dropped(String table) {
      Outcome outcome =
          statements.run(
              order.workspace(),
              "drop table " + table,
              "DROP TABLE IF EXISTS " + LiveTables.quoted(table, order.workspace()),
              Map.of());
      return outcome instanceof Outcome.Refused(String message)
          ? "could not be dropped: " + Bounded.line(message, 200) + "; DROP TABLE " + table
          : "was dropped";
    }

    private State state(String promotion) {
      return promotion.equals(own)
          ? State.RUNS
          : known.computeIfAbsent(promotion, promotions::state);
    }

    /** Full names of the tables beside the live one that have a run's name. */
    private List<String> tables() {
      TableName live = TableName.of(order.live(), order.workspace());
      List<String> schema = live.parts().subList(0, live.parts().size() - 1);
      String in = schema.isEmpty() ? "" : " IN " + new TableName(schema).quoted();
      Outcome outcome =
          statements.run(
              order.workspace(),
              "look for tables of promotions that are over",
              "SHOW TABLES" + in + " LIKE '" + StagingTable.pattern(order.live()) + "'",
              Map.of());
      return outcome instanceof Outcome.Rows rows
          ? rows.rows().stream()
              .map(row -> name(rows, row))
              .flatMap(Optional::stream)
              .map(name -> schema.isEmpty() ? name : String.join(".", schema) + "." + name)
              .toList()
          : List.of();
    }

    private static Optional<String> name(Outcome.Rows rows, List<@Nullable String> row) {
      for (int i = 0; i < rows.columns().size() && i < row.size(); i++) {
        if (rows.columns().get(i).name().equalsIgnoreCase("tableName")) {
          return Optional.ofNullable(row.get(i)).filter(StagingTable::isOne);
        }
      }
      return Optional.empty();
    }
  }
}
