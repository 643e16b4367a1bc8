package dev.portage.preflight;

import dev.portage.temporal.Pollers;
import io.temporal.activity.ActivityInterface;

/** What Temporal knows about the workers of a task queue. On task queue {@code portage}. */
@ActivityInterface
public interface QueueActivities {

  /** Whether workers ask for the activities of a task queue. */
  Pollers pollersOf(String queue);
}
