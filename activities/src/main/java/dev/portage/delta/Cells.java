package dev.portage.delta;

import dev.portage.databricks.Statements.Outcome;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The one row of an answer, as numbers.
 *
 * @param row its values
 * @param workspace where it was asked for
 * @param tried what for
 */
record Cells(List<@Nullable String> row, String workspace, String tried) {

  /** The row of an answer that has to have one. */
  static Cells of(Outcome.Rows rows, String workspace, String tried) {
    return new Cells(rows.rows().isEmpty() ? List.of() : rows.rows().getFirst(), workspace, tried);
  }

  /** The first value, which is a count. */
  long count() {
    return count(0);
  }

  /** A value that is a count. */
  long count(int at) {
    String text = at < row.size() ? row.get(at) : null;
    if (text == null || !text.matches("\\d{1,18}")) {
      throw unreadable();
    }
    return Long.parseLong(text);
  }

  /** A value that is a number; empty where there is none. */
  OptionalDouble number(int at) {
    if (at >= row.size()) {
      throw unreadable();
    }
    String text = row.get(at);
    if (text == null) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException _) {
      throw unreadable();
    }
  }

  private ApplicationFailure unreadable() {
    return Failures.of(
        Problem.of(
            FailureKind.PLATFORM,
            tried,
            "workspace " + workspace,
            "the response lacks the requested numbers",
            "Portage retries."));
  }
}
