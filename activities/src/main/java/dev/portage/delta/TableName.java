package dev.portage.delta;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The name of a table, made safe for use in a statement: names can't be parameters.
 *
 * @param parts one to three of them: table, or schema and table, or catalog, schema and table
 * @see <a href="https://docs.databricks.com/en/sql/language-manual/sql-ref-identifiers.html">SQL
 *     identifiers</a>
 */
record TableName(List<String> parts) {
  private static final Pattern PART = Pattern.compile("[\\p{L}\\p{N}_-]{1,255}");

  TableName {
    parts = List.copyOf(parts);
  }

  /**
   * Reads a name.
   *
   * @param workspace named in the failure
   * @throws io.temporal.failure.ApplicationFailure the user's, saying what is allowed
   */
  static TableName of(String text, String workspace) {
    List<String> parts = List.of(text.split("\\.", -1));
    if (parts.size() > 3 || !parts.stream().allMatch(part -> PART.matcher(part).matches())) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              "read table " + text,
              "workspace " + workspace,
              "that is not a valid table name",
              "Write table, schema.table or catalog.schema.table, each of letters, digits, _ and -,"
                  + " in promotion.yaml (batch: table)."));
    }
    return new TableName(parts);
  }

  /** As a statement has it, each part between backticks. */
  String quoted() {
    return parts.stream().map(part -> "`" + part + "`").collect(Collectors.joining("."));
  }
}
