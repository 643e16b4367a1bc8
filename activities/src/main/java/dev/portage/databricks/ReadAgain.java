package dev.portage.databricks;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Reads what was just written, where a workspace may still show what was before. */
final class ReadAgain {
  /** Four seconds in all: an activity of one call has half a minute. */
  private static final List<Duration> PAUSES =
      List.of(Duration.ofMillis(300), Duration.ofMillis(700), Duration.ofSeconds(3));

  private ReadAgain() {}

  /** Reads until it is as it should be, or has been read often enough. Gives what came last. */
  static <T> T until(Patience patience, Supplier<T> read, Predicate<T> isSeen) {
    T last = read.get();
    for (Duration pause : PAUSES) {
      if (isSeen.test(last)) {
        break;
      }
      patience.sleep(pause);
      last = read.get();
    }
    return last;
  }
}
