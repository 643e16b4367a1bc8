package dev.portage.databricks;

import io.temporal.client.ActivityCompletionException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A clock that only waiting advances. */
public final class FakeWait implements ActivityWait {
  private final Instant start = Instant.parse("2026-11-21T06:00:00Z");
  private final List<Instant> beats = new ArrayList<>();
  private Instant now = start;
  private @Nullable ActivityCompletionException ending;

  /** Makes heartbeats request the end of the wait. */
  public void end(ActivityCompletionException ending) {
    this.ending = ending;
  }

  @Override
  public void beat(String detail) {
    beats.add(now);
    if (ending != null) {
      throw ending;
    }
  }

  @Override
  public void sleep(Duration time) {
    now = now.plus(time);
  }

  @Override
  public Instant now() {
    return now;
  }

  /** Total time waited. */
  public Duration waited() {
    return Duration.between(start, now);
  }

  /** The longest time between two heartbeats. */
  public Duration longestSilence() {
    Duration longest = Duration.ZERO;
    Instant last = start;
    for (Instant beat : beats) {
      Duration silence = Duration.between(last, beat);
      longest = silence.compareTo(longest) > 0 ? silence : longest;
      last = beat;
    }
    return longest;
  }
}
