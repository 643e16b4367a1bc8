package dev.portage.underway;

import java.util.List;

/**
 * Who is under way.
 *
 * @param contenders in the order in which they came
 */
public record UnderwayState(List<Contender> contenders) {

  public UnderwayState {
    contenders = List.copyOf(contenders);
  }

  /** Nobody. */
  public static UnderwayState empty() {
    return new UnderwayState(List.of());
  }
}
