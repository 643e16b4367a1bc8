package dev.portage.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the predictions of a scoring run must look like ({@code batch.rules}). They are checked in
 * the rehearsal and again in each target, before readers see a row.
 *
 * @param rows how many rows there may be; null for any number
 * @param ofInput how many there may be for each row of an input table; null for any number
 * @param ofLast how many there may be for each row of the batch before; null for any number
 * @param columns rules of single columns, in the file's order
 */
public record PredictionRules(
    @Nullable Limits rows,
    @Nullable OfInput ofInput,
    @Nullable Limits ofLast,
    List<Column> columns) {

  public PredictionRules {
    columns = List.copyOf(columns);
  }

  /**
   * Rows relative to those of a table that the scoring reads.
   *
   * @param table name of the input table, as the workspace's pattern completes it
   * @param limits rows of the batch divided by rows of the table
   */
  public record OfInput(String table, Limits limits) {}

  /**
   * What one column must look like.
   *
   * @param name the column
   * @param nulls highest share of rows without a value, from 0 to 1; NaN is no value. Null for any
   * @param range limits of the values; null for none
   * @param values the only values that are allowed, as text; null for any
   * @param drift how far the values may be from the champion's on the same batch: the population
   *     stability index of numbers, the distance of frequencies of other values; null for any
   */
  public record Column(
      String name,
      @Nullable Double nulls,
      @Nullable Limits range,
      @Nullable List<String> values,
      @Nullable Double drift) {

    public Column {
      values = values == null ? null : List.copyOf(values);
    }
  }

  /** Whether the champion has to score the same batch. */
  public boolean compareWithTheChampion() {
    return columns.stream().anyMatch(column -> column.drift() != null);
  }

  /** The same rules for a workspace that completes the names of tables in its own way. */
  public PredictionRules withInput(String table) {
    return ofInput == null
        ? this
        : new PredictionRules(rows, new OfInput(table, ofInput.limits()), ofLast, columns);
  }
}
