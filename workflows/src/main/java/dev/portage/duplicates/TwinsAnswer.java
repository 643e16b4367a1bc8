package dev.portage.duplicates;

import org.jspecify.annotations.Nullable;

/**
 * What came of a look for {@link Twins}. Both are null where the platform did not answer: it is to
 * be asked again, for that alone.
 *
 * @param settled what was found; null where the look failed
 * @param why what came back of a look that failed for good, in one line; else null
 */
public record TwinsAnswer(@Nullable DuplicatesRemoved settled, @Nullable String why) {

  static TwinsAnswer of(DuplicatesRemoved settled) {
    return new TwinsAnswer(settled, null);
  }

  static TwinsAnswer unknown(String why) {
    return new TwinsAnswer(null, why);
  }

  static TwinsAnswer askAgain() {
    return new TwinsAnswer(null, null);
  }
}
