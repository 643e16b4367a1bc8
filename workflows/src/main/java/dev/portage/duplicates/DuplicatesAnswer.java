package dev.portage.duplicates;

import org.jspecify.annotations.Nullable;

/**
 * What came of a look for {@link PossibleDuplicates}. Both are null where the platform did not answer: it is to
 * be asked again, for that alone.
 *
 * @param settled what was found; null where the look failed
 * @param why what came back of a look that failed for good, in one line; else null
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
