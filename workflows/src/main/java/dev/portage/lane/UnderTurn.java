package dev.portage.lane;

import org.jspecify.annotations.Nullable;

/**
 * An order that changes what is live. An activity that takes one does nothing unless its grant is
 * the newest: looked at anew before each attempt, since whoever holds a turn may have lost it
 * meanwhile.
 */
public interface UnderTurn {

  /** The turn in hand; null where the order changes nothing live, or comes from an older writer. */
  @Nullable Grant grant();
}
