package dev.portage.freeze;

import java.util.List;

/**
 * Whom a frozen workspace holds up.
 *
 * @param held in the order in which they came
 * @param toTell workflow ids of those that are still to be told that freezes have ended
 */
public record FrozenState(List<Held> held, List<String> toTell) {

  public FrozenState {
    held = List.copyOf(held);
    toTell = List.copyOf(toTell);
  }

  /** Nobody. */
  public static FrozenState empty() {
    return new FrozenState(List.of(), List.of());
  }
}
