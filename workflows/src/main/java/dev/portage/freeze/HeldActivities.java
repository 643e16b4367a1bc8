package dev.portage.freeze;

import io.temporal.activity.ActivityInterface;

/** Talks to {@link FrozenWorkflow}s as a client of Temporal. On task queue {@code portage}. */
@ActivityInterface
public interface HeldActivities {

  /** Announces a promotion that is held up; the same one twice is once. */
  void hold(HeldOrder order);
}
