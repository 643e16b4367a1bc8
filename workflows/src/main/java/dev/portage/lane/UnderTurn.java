package dev.portage.lane;

import org.jspecify.annotations.Nullable;

/**
 * An order that changes what is live. Its activity does nothing unless the order's grant is the
 * newest: checked before each attempt, since the holder of a turn may have lost it in the meantime.
 */
public interface UnderTurn {

  /** The turn in hand; null where the order changes nothing live, or comes from an older writer. */
  @Nullable Grant grant();
}
