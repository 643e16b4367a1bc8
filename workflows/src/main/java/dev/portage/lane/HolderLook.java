package dev.portage.lane;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a holder found.
 *
 * @param standing whether it still has or wants the turn
 * @param endedAt when its run ended, by Temporal's clock; null unless it is {@link Standing#ENDED}
 */
public record HolderLook(Standing standing, @Nullable Instant endedAt) {

  /** Whether a workflow still has or wants a turn. */
  public enum Standing {
    WANTS,
    /** It gave the turn back or withdrew its request itself: nothing of it is under way. */
    DONE,
    /**
     * Its run ended without that: terminated, timed out, failed or reset. An attempt of its last
     * activity may still write.
     */
    ENDED
  }

  /** It has or wants the turn. */
  public static HolderLook wants() {
    return new HolderLook(Standing.WANTS, null);
  }

  /** It needs the turn no more. */
  public static HolderLook done() {
    return new HolderLook(Standing.DONE, null);
  }

  /** Its run ended at this time. */
  public static HolderLook ended(Instant at) {
    return new HolderLook(Standing.ENDED, at);
  }

  /** Whether it still has or wants the turn. */
  public boolean wanted() {
    return standing == Standing.WANTS;
  }
}
