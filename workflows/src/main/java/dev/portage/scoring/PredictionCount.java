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
 * @param fits how the rows fit into the tables that the query names; null where it names none, and
 *     from a writer that did not compare
 */
public record PredictionCount(
    boolean exists,
    long rows,
    long ofThisVersion,
    long withoutPrediction,
    @Nullable List<String> missing,
    @Nullable List<Fit> fits) {

  public PredictionCount {
    missing = missing == null ? null : List.copyOf(missing);
    fits = fits == null ? null : List.copyOf(fits);
  }

  /** Without a comparison. */
  public PredictionCount(
      boolean exists,
      long rows,
      long ofThisVersion,
      long withoutPrediction,
      @Nullable List<String> missing) {
    this(exists, rows, ofThisVersion, withoutPrediction, missing, null);
  }

  /** Of a table that has all columns. */
  public PredictionCount(boolean exists, long rows, long ofThisVersion, long withoutPrediction) {
    this(exists, rows, ofThisVersion, withoutPrediction, null);
  }

  /** The same, compared with the tables of later workspaces. */
  public PredictionCount fitting(List<Fit> compared) {
    return new PredictionCount(exists, rows, ofThisVersion, withoutPrediction, missing, compared);
  }

  /** Columns that a batch needs and the table lacks. */
  public List<String> missingColumns() {
    return Objects.requireNonNullElse(missing, List.of());
  }
}
