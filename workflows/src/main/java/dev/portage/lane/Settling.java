package dev.portage.lane;

import java.time.Duration;
import java.time.Instant;

/**
 * The wait after a holder that ended without giving the turn back: what it began to write may still
 * arrive, and the next holder has to see it when it looks at what is live.
 *
 * @param ended whose turn it was
 * @param until when no write of it can arrive any more
 */
public record Settling(TurnRequest ended, Instant until) {

  /**
   * The longest write in flight: an attempt that changes what is live has 30 s, and the rest is for
   * the clocks of workers. Nobody can recall an attempt that is under way; a later one is refused,
   * since the grant is not the newest.
   */
  public static final Duration LONGEST_WRITE = Duration.ofSeconds(40);

  /**
   * After a holder that ended.
   *
   * @param at when its run ended
   */
  static Settling after(TurnRequest ended, Instant at) {
    return new Settling(ended, at.plus(LONGEST_WRITE));
  }

  /** Whether it lasts at this time. */
  boolean lastsAt(Instant now) {
    return now.isBefore(until);
  }
}
