package dev.portage.databricks;

import dev.portage.attempt.AttemptAge;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.util.Optional;

/**
 * What an attempt of an activity knows about earlier attempts. A created job is known by its id
 * from the response on, even if the attempt fails afterwards, so no list has to be up to date.
 */
interface MadeBefore {

  /** How often, and for how long, it has been attempted. */
  AttemptAge asked();

  /** Keeps the id of a job that was just made. */
  void made(long jobId);

  /** The job that an earlier attempt made and had an answer for. */
  Optional<Long> job();

  /** Kept by the heartbeats of the activity on this thread; outside of one, nothing is kept. */
  static MadeBefore ofActivity() {
    return new OfActivity();
  }

  /** Heartbeats outlive an attempt, and its worker. */
  final class OfActivity implements MadeBefore {
    private OfActivity() {}

    @Override
    public AttemptAge asked() {
      return AttemptAge.here();
    }

    @Override
    public void made(long jobId) {
      context()
          .ifPresent(context -> {
            try {
              context.heartbeat(jobId);
            } catch (ActivityCompletionException _) {
              // A cancel takes effect once this attempt has recorded what it created.
            }
          });
    }

    @Override
    public Optional<Long> job() {
      return context().flatMap(context -> context.getHeartbeatDetails(Long.class));
    }

    private static Optional<ActivityExecutionContext> context() {
      try {
        return Optional.of(Activity.getExecutionContext());
      } catch (IllegalStateException _) {
        return Optional.empty();
      }
    }
  }
}
