package dev.portage.databricks;

import io.temporal.activity.Activity;
import java.time.Duration;
import java.time.Instant;

/**
 * How an activity waits for something slow: it sends heartbeats, time passes, and it may be asked
 * to stop.
 */
public interface ActivityWait {
  /** The longest that a waiting activity is silent. */
  Duration BEAT = Duration.ofSeconds(5);

  /**
   * Says that the activity lives and what it waits for.
   *
   * @param detail one line, without secrets
   * @throws io.temporal.client.ActivityCompletionException when the wait is to end: the activity
   *     was cancelled, has timed out, or its worker stops
   */
  void beat(String detail);

  /** Lets time pass, at most {@link #BEAT}. */
  void sleep(Duration time);

  /** Now. */
  Instant now();

  /** Lets time pass while heartbeating. */
  default void pause(Duration time, String detail) {
    beat(detail);
    Duration left = time;
    while (left.isPositive()) {
      Duration slice = left.compareTo(BEAT) < 0 ? left : BEAT;
      sleep(slice);
      beat(detail);
      left = left.minus(slice);
    }
  }

  /** The waiting of an activity under Temporal, which the calling thread must be running. */
  static ActivityWait ofActivity() {
    return new HeartbeatingWait();
  }

  /** Heartbeats of the running activity, and real time. */
  final class HeartbeatingWait implements ActivityWait {
    private HeartbeatingWait() {}

    @Override
    public void beat(String detail) {
      Activity.getExecutionContext().heartbeat(detail);
    }

    @Override
    public void sleep(Duration time) {
      try {
        Thread.sleep(time);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        // The worker is stopping: the heartbeat says so, in Temporal's own words.
        beat("interrupted");
        throw new IllegalStateException("interrupted while waiting", e);
      }
    }

    @Override
    public Instant now() {
      return Instant.now();
    }
  }
}
