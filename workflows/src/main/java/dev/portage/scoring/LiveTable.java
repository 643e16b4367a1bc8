package dev.portage.scoring;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A live table as it is before a run.
 *
 * @param exists whether there is such a table
 * @param version its newest version, where it is a Delta table whose history can be read; else null
 * @param rows how many rows it has, where it has no version; else null
 * @param missing columns that a batch needs and the table lacks, null for none
 * @param left what became of what promotions that are over had left beside it, a sentence each;
 *     null for nothing
 */
public record LiveTable(
    Boolean exists,
    @Nullable Long version,
    @Nullable Long rows,
    @Nullable List<String> missing,
    @Nullable List<String> left) {

  public LiveTable {
    missing = missing == null ? null : List.copyOf(missing);
    left = left == null ? null : List.copyOf(left);
  }

  /** With nothing left beside it. */
  public LiveTable(
      Boolean exists, @Nullable Long version, @Nullable Long rows, @Nullable List<String> missing) {
    this(exists, version, rows, missing, null);
  }

  /** The same, with what became of what others had left beside it. */
  public LiveTable leaving(List<String> told) {
    return new LiveTable(exists, version, rows, missing, told.isEmpty() ? null : told);
  }

  /** What became of what others had left beside it. */
  public List<String> leftBeside() {
    return Objects.requireNonNullElse(left, List.of());
  }

  /** There is none. */
  public static LiveTable none() {
    return new LiveTable(false, null, null, null);
  }

  /** Columns that a batch needs and the table lacks. */
  public List<String> missingColumns() {
    return Objects.requireNonNullElse(missing, List.of());
  }
}
