package dev.portage.lane;

import org.jspecify.annotations.Nullable;

/**
 * The result of a {@link GrantOrder}.
 *
 * @param granted the grant; null if the turn is no longer wanted or someone else holds it
 * @param held the holder's grant; null if nobody holds the turn
 */
public record GrantAnswer(@Nullable Grant granted, @Nullable Grant held) {

  /** The request is granted. */
  static GrantAnswer granted(Grant grant) {
    return new GrantAnswer(grant, null);
  }

  /** Someone else holds the turn. */
  static GrantAnswer held(Grant other) {
    return new GrantAnswer(null, other);
  }

  /** The turn is no longer wanted. */
  static GrantAnswer notWanted() {
    return new GrantAnswer(null, null);
  }
}
