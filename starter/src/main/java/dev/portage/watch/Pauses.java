package dev.portage.watch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before the next read: twice as long each time that nothing has changed. Training
 * takes hours, and a copy in a queue may wait as long.
 */
final class Pauses {

  private final Duration first;
  private final Duration longest;
  private Duration pause;
  private @Nullable Object seen;

  /**
   * Restarts with each change.
   *
   * @param first after a change
   * @param longest however long nothing changes
   */
  Pauses(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
    this.pause = first;
  }

  /**
   * The pause after a look.
   *
   * @param now what was seen; equal to what was seen before where nothing has changed
   */
  Duration after(Object now) {
    boolean same = now.equals(seen);
    seen = now;
    Duration twice = pause.multipliedBy(2);
    pause = !same ? first : twice.compareTo(longest) < 0 ? twice : longest;
    return pause;
  }

  /** The pause where nothing was to be seen; what is seen next counts as a change. */
  Duration afterNothing() {
    seen = null;
    pause = first;
    return pause;
  }
}
