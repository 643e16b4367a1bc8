package dev.portage.lane;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who has the turn and who waits for it.
 *
 * @param holder who has it, null when it is free
 * @param waiting who comes next, in order of asking
 */
public record LaneState(@Nullable TurnRequest holder, List<TurnRequest> waiting) {

  public LaneState {
    waiting = List.copyOf(waiting);
  }

  /** A free lane. */
  public static LaneState free() {
    return new LaneState(null, List.of());
  }
}
