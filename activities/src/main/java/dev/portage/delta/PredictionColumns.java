package dev.portage.delta;

import dev.portage.databricks.Statements.Column;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The columns that identify and describe the rows of a batch. */
final class PredictionColumns {
  static final String PREDICTION = "prediction";
  static final String VERSION = "model_version";
  static final String BATCH = "batch_id";
  static final String PROMOTION = "promotion_id";

  static final List<String> ALL = List.of(PREDICTION, VERSION, BATCH, PROMOTION);

  /** Types whose values are never a text; they can't be compared with one. */
  private static final Pattern NO_TEXT =
      Pattern.compile("(STRUCT|MAP|ARRAY|VARIANT|BINARY|OBJECT)\\b.*", Pattern.DOTALL);

  /** Types that can be compared with a text, but hold none. */
  private static final Pattern NO_NAME =
      Pattern.compile(
          "(BYTE|TINYINT|SHORT|SMALLINT|INT|INTEGER|LONG|BIGINT|FLOAT|REAL|DOUBLE|DECIMAL|NUMERIC"
              + "|BOOLEAN|DATE|TIMESTAMP|TIMESTAMP_NTZ)\\b.*",
          Pattern.DOTALL);

  private PredictionColumns() {}

  /** Columns that need to hold a promotion's or a batch's name and are numbers or dates. */
  static List<String> holdingNoName(List<Column> columns) {
    return columns.stream()
        .filter(column ->
            column.name().equalsIgnoreCase(BATCH) || column.name().equalsIgnoreCase(PROMOTION))
        .filter(column -> NO_NAME.matcher(column.type().toUpperCase(Locale.ROOT)).matches())
        .map(column -> column.name() + " of type " + column.type())
        .toList();
  }

  /** Columns that are missing, or whose type can't hold the values. */
  static List<String> missing(List<Column> columns) {
    return ALL.stream().filter(name -> columns.stream().noneMatch(c -> serves(c, name))).toList();
  }

  /** The statement that adds these to a table. */
  static String alter(String table, List<String> missing) {
    return "ALTER TABLE "
        + table
        + " ADD COLUMNS ("
        + missing.stream()
            .map(name -> name + (name.equals(PREDICTION) ? " DOUBLE" : " STRING"))
            .collect(Collectors.joining(", "))
        + ")";
  }

  /** Names match case-insensitively, as in Spark. */
  private static boolean serves(Column column, String name) {
    return column.name().equalsIgnoreCase(name)
        && (name.equals(PREDICTION)
            || !NO_TEXT.matcher(column.type().toUpperCase(Locale.ROOT)).matches());
  }
}
