package dev.portage.trigger;

import io.temporal.activity.ActivityInterface;

/** Looks for what starts elsewhere. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface TriggerActivities {

  /**
   * What starts by itself when the model changes. Changes nothing. That the login may not read some
   * of it is an answer, not a failure.
   */
  Triggers findTriggers(TriggerQuery query);
}
