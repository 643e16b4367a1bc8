package dev.portage.lane;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who has the turn and who waits for it.
 *
 * @param holder who has it, null when it is free
 * @param waiting who comes next: rollbacks, then the others, each in order of asking
 * @param number of the holder's grant; null when the turn is free
 * @param refused the last requests that could not be granted; null from an older writer
 * @param since when the lane took the holder for it; null when the turn is free, and from an older
 *     writer
 * @param settling what is waited out before the next grant; null for nothing
 * @param preemptedBy workflow id of the rollback that the holder was told of, null for none
 */
public record LaneState(
    @Nullable TurnRequest holder,
    List<TurnRequest> waiting,
    @Nullable Long number,
    @Nullable List<TurnRefused> refused,
    @Nullable Instant since,
    @Nullable Settling settling,
    @Nullable String preemptedBy) {

  public LaneState {
    waiting = List.copyOf(waiting);
    refused = List.copyOf(Objects.requireNonNullElse(refused, List.of()));
  }

  /** One in which nothing is waited out and nobody preempted. */
  public LaneState(
      @Nullable TurnRequest holder,
      List<TurnRequest> waiting,
      @Nullable Long number,
      @Nullable List<TurnRefused> refused,
      @Nullable Instant since) {
    this(holder, waiting, number, refused, since, null, null);
  }

  /** Without a number. */
  public LaneState(@Nullable TurnRequest holder, List<TurnRequest> waiting) {
    this(holder, waiting, null, null, null);
  }

  /** A free lane. */
  public static LaneState free() {
    return new LaneState(null, List.of());
  }
}
