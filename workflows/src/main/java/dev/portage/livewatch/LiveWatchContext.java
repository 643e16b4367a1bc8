package dev.portage.livewatch;

import dev.portage.lane.Grant;
import dev.portage.live.LiveContext;
import dev.portage.registry.Marking;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A watch as live things see it: it only reads.
 *
 * @param start what it was started with
 * @param holder its workflow id
 */
record LiveWatchContext(LiveWatchStart start, String holder) implements LiveContext {

  /** A look that takes longer is given up, since the next one follows soon. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  @Override
  public String workspace() {
    return start.target().workspace();
  }

  @Override
  public String model() {
    return start.target().model();
  }

  @Override
  public Marking marking() {
    return start.target().marking();
  }

  @Override
  public @Nullable Grant grant() {
    return null;
  }

  @Override
  public Duration retryTimeout() {
    return start.retryTimeout().compareTo(LONGEST) < 0 ? start.retryTimeout() : LONGEST;
  }
}
