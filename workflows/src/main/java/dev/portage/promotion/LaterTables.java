package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.failure.Failures;
import dev.portage.scoring.Fit;
import dev.portage.scoring.PredictionCount;
import dev.portage.scoring.ScoringActivities;
import dev.portage.scoring.TableColumn;
import dev.portage.scoring.TableQuery;
import dev.portage.scoring.TableShape;
import dev.portage.scoring.TargetTable;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.Station;
import dev.portage.step.Attempt;
import dev.portage.step.StepFailure;
import dev.portage.temporal.Queues;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The live tables of the workspaces that a promotion goes to: what they take is known before
 * anybody is asked.
 */
final class LaterTables {

  /** Where only a warehouse can say it, and the warehouse was asleep. */
  private static final Duration ONE_LOOK = Duration.ofMinutes(5);

  private static final int SHOWN = 12;

  private final Journey journey;

  LaterTables(Journey journey) {
    this.journey = journey;
  }

  /** What they take, the last workspace's last; a table that can't be read says why. */
  List<TargetTable> describe(Attempt attempt) {
    if (journey.settings().batch() == null) {
      return List.of();
    }
    List<TargetTable> tables = new ArrayList<>();
    for (Station target : journey.settings().targets()) {
      String kept = StepNames.hop(target, "table for rehearsal " + attempt.number());
      Optional<TargetTable> known = journey.journal().find(kept, TargetTable.class);
      TargetTable table = known.isPresent() ? known.get() : describe(target);
      if (known.isEmpty()) {
        journey.journal().put(kept, table);
      }
      tables.add(table);
    }
    return tables;
  }

  private TargetTable describe(Station target) {
    String table = Objects.requireNonNull(journey.settings().batchAt(target), "a batch").table();
    return new TargetTable(target.workspace(), table, read(target, table));
  }

  private TableShape read(Station target, String table) {
    try {
      return ask(target, table);
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      return TableShape.unknown(
          Failures.problemOf(failure, "read table " + table, "workspace " + target.workspace())
              .cameBack());
    }
  }

  private TableShape ask(Station target, String table) {
    TableShape shape =
        Stubs.newStatement(
                ScoringActivities.class,
                Queues.of(target.workspace()),
                ONE_LOOK,
                "read what table " + table + " takes")
            .describeTable(new TableQuery(target.workspace(), table));
    journey.journal().put(answered(target), true);
    return shape;
  }

  /**
   * Makes sure that the worker of a workspace knows how to publish, while nobody waits for the
   * turn.
   *
   * @throws StepFailure if it is of an older release
   */
  void requirePublisher(Station target) {
    BatchSettings batch = journey.settings().batchAt(target);
    if (batch == null || journey.journal().has(answered(target))) {
      return;
    }
    try {
      ask(target, batch.table());
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      if (Failures.isUnknownActivity(failure)) {
        throw new StepFailure(
            StepNames.hop(target, "turn"),
            Failures.problemOf(
                failure,
                "publish predictions in " + batch.table(),
                "workspace " + target.workspace()),
            true);
      }
      // What else is wrong is said where it is needed.
    }
  }

  private static String answered(Station target) {
    return StepNames.hop(target, "publisher known");
  }

  /** Those that rows can be compared with; null for none. */
  static @Nullable List<TargetTable> known(List<TargetTable> tables) {
    List<TargetTable> known = tables.stream().filter(table -> table.shape().isKnown()).toList();
    return known.isEmpty() ? null : known;
  }

  /** What the last workspace's table takes, which the rehearsal's is made like; null if unknown. */
  static @Nullable TableShape last(List<TargetTable> tables) {
    return tables.isEmpty() || !tables.getLast().shape().isKnown()
        ? null
        : tables.getLast().shape();
  }

  /** What publishing would refuse; null for nothing. */
  static @Nullable String misfits(PredictionCount count) {
    List<Fit> fits = count.fits();
    String misfits =
        fits == null
            ? ""
            : fits.stream()
                .filter(fit -> !fit.misfits().isEmpty())
                .map(fit ->
                    "they don't fit " + fit.table() + ": " + String.join("; ", fit.misfits()))
                .collect(Collectors.joining(". "));
    return misfits.isEmpty() ? null : misfits;
  }

  /**
   * For those who decide: where the rows fit, and where that is not known.
   *
   * @return null where no later workspace has such a table
   */
  static @Nullable String told(List<TargetTable> tables, PredictionCount count) {
    String told =
        tables.stream()
            .filter(table -> table.shape().exists())
            .map(table -> told(table, count))
            .collect(Collectors.joining("; "));
    return told.isEmpty() ? null : told;
  }

  private static String told(TargetTable table, PredictionCount count) {
    return Objects.requireNonNullElse(count.fits(), List.<Fit>of()).stream()
        .filter(fit -> fit.table().equals(table.shown()))
        .map(fit ->
            "they fit table "
                + table.shown()
                + (fit.added().isEmpty()
                    ? ""
                    : ", which gets the new columns " + String.join(", ", fit.added())))
        .findFirst()
        .orElse(notCompared(table));
  }

  private static String notCompared(TargetTable table) {
    String why = table.shape().unknown();
    return "not compared with table "
        + table.shown()
        + (why == null ? "" : ": " + why.lines().findFirst().orElse(""));
  }

  /** Whose columns the rehearsal's table has; null if it has those of its own workspace's. */
  static @Nullable String columnsOfTheLast(List<TargetTable> tables) {
    TableShape shape = last(tables);
    if (shape == null) {
      return null;
    }
    List<TableColumn> columns = shape.columns();
    return "the run's table was made with the columns of "
        + tables.getLast().shown()
        + ": "
        + columns.stream()
            .limit(SHOWN)
            .map(column -> column.name() + " " + column.type())
            .collect(Collectors.joining(", "))
        + (columns.size() > SHOWN ? " and " + (columns.size() - SHOWN) + " more" : "");
  }
}
