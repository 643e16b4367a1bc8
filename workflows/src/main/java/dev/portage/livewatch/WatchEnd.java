package dev.portage.livewatch;

import dev.portage.text.Bounded;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the watching ended.
 *
 * @param how why it ended
 * @param text the same in one line
 * @param broken the limits that are broken, with value and times; null if none is
 * @param at when it ended
 */
record WatchEnd(How how, String text, @Nullable String broken, Instant at) {

  /** Why it ended. */
  enum How {
    /** Its time is over, and the version is live. */
    OVER,
    /** Another version is live. */
    REPLACED,
    /** A limit is broken. */
    BROKEN
  }

  WatchEnd {
    text = Bounded.line(text, Bounded.COMMENT);
    broken = broken == null ? null : Bounded.line(broken, Bounded.COMMENT);
  }
}
