package dev.portage.load;

import io.temporal.activity.ActivityInterface;

/** Activities of bare workflows. */
@ActivityInterface
public interface BareActivities {

  /** Does nothing. */
  void nothing();
}
