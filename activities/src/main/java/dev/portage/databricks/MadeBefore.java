package dev.portage.databricks;

import dev.portage.attempt.Asked;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.util.Optional;

/**
 * What an attempt of an activity knows of those before it. A job that was made is known by its id
 * from the answer on, also where the attempt fails after that: no list has to be right for it.
 */
interface MadeBefore {

  /** How often, and for how long, it has been asked. */
  Asked asked();

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
    public Asked asked() {
      return Asked.here();
    }

    @Override
    public void made(long jobId) {
      context()
          .ifPresent(context -> {
            try {
              context.heartbeat(jobId);
            } catch (ActivityCompletionException _) {
              // A cancel is heard when this attempt has told what it made.
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
