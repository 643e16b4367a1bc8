package dev.portage.lane;

import org.jspecify.annotations.Nullable;

/**
 * The result of a {@link GrantOrder}.
 *
 * @param granted the grant; null if the turn is no longer wanted or can't be granted yet
 * @param held the holder's grant; null if nobody holds the turn
 * @param settling what has to be waited out first, after a holder that a lost lane can't tell of;
 *     null for nothing
 */
public record GrantAnswer(
    @Nullable Grant granted, @Nullable Grant held, @Nullable Settling settling) {

  /** The request is granted. */
  static GrantAnswer granted(Grant grant) {
    return new GrantAnswer(grant, null, null);
  }

  /** Someone else holds the turn. */
  static GrantAnswer held(Grant other) {
    return new GrantAnswer(null, other, null);
  }

  /** The last holder's writes may still arrive. */
  static GrantAnswer settling(Settling after) {
    return new GrantAnswer(null, null, after);
  }

  /** The turn is no longer wanted. */
  static GrantAnswer notWanted() {
    return new GrantAnswer(null, null, null);
  }
}
