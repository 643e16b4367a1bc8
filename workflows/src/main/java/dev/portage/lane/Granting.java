package dev.portage.lane;

import dev.portage.lane.HolderLook.Standing;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Grants turns by their numbers, after a look at those who want or hold them. */
public final class Granting implements GrantingActivities {

  private final GrantActivities numbers;
  private final TurnActivities turns;
  private final Supplier<Instant> clock;

  /**
   * Grants by these.
   *
   * @param numbers of the workspace
   * @param turns tells who still wants a turn
   * @param clock the time now
   */
  public Granting(GrantActivities numbers, TurnActivities turns, Supplier<Instant> clock) {
    this.numbers = numbers;
    this.turns = turns;
    this.clock = clock;
  }

  @Override
  public GrantAnswer grantTurn(GrantOrder order) {
    TurnRequest request = order.request();
    // Before the registry is called, which may be unavailable for a long time while others wait.
    if (!turns.lookAtHolder(request).wanted()) {
      return GrantAnswer.notWanted();
    }
    if (!order.knowsNewest()) {
      Optional<Grant> other =
          numbers.newestGrant(request).filter(newest -> !newest.request().equals(request));
      if (other.isPresent()) {
        HolderLook look = turns.lookAtHolder(other.get().request());
        if (look.wanted()) {
          return GrantAnswer.held(other.get());
        }
        if (look.standing() == Standing.ENDED && look.endedAt() != null) {
          Settling after = Settling.after(other.get().request(), look.endedAt());
          if (after.lastsAt(clock.get())) {
            return GrantAnswer.settling(after);
          }
        }
      }
    }
    return GrantAnswer.granted(numbers.nextGrant(request));
  }
}
