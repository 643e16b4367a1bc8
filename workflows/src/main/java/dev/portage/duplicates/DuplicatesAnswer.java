package dev.portage.duplicates;

import org.jspecify.annotations.Nullable;

/**
 * The result of a check for {@link PossibleDuplicates}. Both are null if the platform did not
 * answer: that check alone must be repeated.
 *
 * @param settled what was found; null if the check failed
 * @param why the response to a check that failed for good, in one line; otherwise null
 */
public record DuplicatesAnswer(@Nullable DuplicatesRemoved settled, @Nullable String why) {

  static DuplicatesAnswer of(DuplicatesRemoved settled) {
    return new DuplicatesAnswer(settled, null);
  }

  static DuplicatesAnswer unknown(String why) {
    return new DuplicatesAnswer(null, why);
  }

  static DuplicatesAnswer askAgain() {
    return new DuplicatesAnswer(null, null);
  }
}
