package dev.portage.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What removing the rows of a batch came to.
 *
 * @param rows how many rows of the batch were there; 0 where the table does not tell
 * @param kept why they are still there; null where none is
 * @param forGood whether nobody can remove them, since the table tells no batches apart or takes no
 *     DELETE; null for no. Otherwise a right may be missing, and another try helps once it is there
 * @param others rows of the order's version in other batches, which stay; null if unknown or not
 *     asked for
 */
public record Removed(
    long rows,
    @Nullable String kept,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean forGood,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long others) {

  /** Where nobody asked for other rows. */
  public Removed(long rows, @Nullable String kept) {
    this(rows, kept, null, null);
  }

  /** Rows that can't be removed. */
  public static Removed never(long rows, String why) {
    return new Removed(rows, why, true, null);
  }

  /** Whether another try can't help. */
  public boolean isForGood() {
    return Boolean.TRUE.equals(forGood);
  }

  /** The same, with the rows of other batches. */
  public Removed besides(@Nullable Long rowsOfOthers) {
    return new Removed(rows, kept, forGood, rowsOfOthers);
  }
}
