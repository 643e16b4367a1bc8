package dev.portage.rollback;

import io.temporal.activity.ActivityInterface;

/** What the log of a workspace says of a way back. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface WayBackActivities {

  /** Finds the release to go back to, however old it is, and that of the live version. */
  WayBack wayBack(WayBackQuery query);
}
