package dev.portage.lane;

import org.jspecify.annotations.Nullable;

/**
 * What came of a {@link GrantOrder}.
 *
 * @param granted the grant; null where the turn is no longer wanted, or somebody else holds it
 * @param held the grant of the one who holds it; null where nobody does
 */
public record GrantAnswer(@Nullable Grant granted, @Nullable Grant held) {

  /** The request is granted. */
  static GrantAnswer granted(Grant grant) {
    return new GrantAnswer(grant, null);
  }

  /** Somebody else holds the turn. */
  static GrantAnswer held(Grant other) {
    return new GrantAnswer(null, other);
  }

  /** The turn is no longer wanted. */
  static GrantAnswer notWanted() {
    return new GrantAnswer(null, null);
  }
}
