package dev.portage.transfer;

import dev.portage.copy.CopyProgress;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;

/** Tells that a long activity is alive, and learns that it shall end. */
@FunctionalInterface
public interface Heartbeat {

  /**
   * Beats once.
   *
   * @throws io.temporal.client.ActivityCompletionException when the activity is cancelled, or is no
   *     longer ours
   */
  void beat(CopyProgress progress);

  /** Beats for the activity that runs on this thread. */
  static Heartbeat ofActivity() {
    ActivityExecutionContext context = Activity.getExecutionContext();
    return context::heartbeat;
  }
}
