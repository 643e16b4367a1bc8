package dev.portage.scoring;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the table contains of a batch, counted by SQL rather than reported by the notebook.
 *
 * @param exists whether there is such a table
 * @param rows rows of the batch, or of the whole table if the query asks for that; none if the
 *     table can't tell batches apart
 * @param ofThisVersion those of them that name the expected version and promotion
 * @param withoutPrediction those of them whose prediction is null
 * @param missing columns that a batch needs and the table lacks, null for none
 */
public record PredictionCount(
    boolean exists,
    long rows,
    long ofThisVersion,
    long withoutPrediction,
    @Nullable List<String> missing) {

  public PredictionCount {
    missing = missing == null ? null : List.copyOf(missing);
  }

  /** Of a table that has all columns. */
  public PredictionCount(boolean exists, long rows, long ofThisVersion, long withoutPrediction) {
    this(exists, rows, ofThisVersion, withoutPrediction, null);
  }

  /** Columns that a batch needs and the table lacks. */
  public List<String> missingColumns() {
    return Objects.requireNonNullElse(missing, List.of());
  }
}
