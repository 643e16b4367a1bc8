package dev.portage.underway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is under way.
 *
 * @param contenders in the order in which they came
 * @param live the newest that went live meanwhile, null for none
 */
public record UnderwayState(List<Contender> contenders, @Nullable WentLive live) {

  public UnderwayState {
    contenders = List.copyOf(contenders);
  }

  /** Nobody. */
  public static UnderwayState empty() {
    return new UnderwayState(List.of(), null);
  }
}
