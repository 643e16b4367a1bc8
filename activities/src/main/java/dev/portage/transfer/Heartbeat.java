package dev.portage.transfer;

import dev.portage.copy.CopyProgress;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import org.jspecify.annotations.Nullable;

/** Reports that a long activity is alive, and learns when it must stop. */
@FunctionalInterface
public interface Heartbeat {

  /**
   * Beats once.
   *
   * @throws io.temporal.client.ActivityCompletionException when the activity is cancelled, or is no
   *     longer ours
   */
  void beat(CopyProgress progress);

  /** What the attempt before said last, null where there was none. */
  default @Nullable CopyProgress before() {
    return null;
  }

  /** Which attempt this is, 1 for the first. */
  default int attempt() {
    return 1;
  }

  /** Beats for the activity that runs on this thread. */
  static Heartbeat ofActivity() {
    ActivityExecutionContext context = Activity.getExecutionContext();
    return new Heartbeat() {
      @Override
      public void beat(CopyProgress progress) {
        context.heartbeat(progress);
      }

      @Override
      public @Nullable CopyProgress before() {
        return context.getHeartbeatDetails(CopyProgress.class).orElse(null);
      }

      @Override
      public int attempt() {
        return context.getInfo().getAttempt();
      }
    };
  }
}
