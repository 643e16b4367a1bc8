package dev.portage.rollback;

import dev.portage.lane.Grant;
import dev.portage.lane.Turns;
import dev.portage.live.LiveContext;
import dev.portage.registry.Marking;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A rollback as live things see it.
 *
 * @param settings what the platform file says
 * @param holder its workflow id
 * @param turns where its turn is
 */
record RollbackContext(RollbackSettings settings, String holder, Turns turns)
    implements LiveContext {

  @Override
  public String workspace() {
    return settings.target().workspace();
  }

  @Override
  public String model() {
    return settings.target().model();
  }

  @Override
  public Marking marking() {
    return settings.target().marking();
  }

  @Override
  public @Nullable Grant grant() {
    return turns.inHand();
  }

  @Override
  public Duration retryTimeout() {
    return settings.retryTimeout();
  }
}
