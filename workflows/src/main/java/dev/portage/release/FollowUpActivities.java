package dev.portage.release;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/** Does what follows from a release in its own workspace. On task queue {@code portage/<ws>}. */
@ActivityInterface
public interface FollowUpActivities {

  /**
   * Tries each once, in order: labels and records of one workspace, no marks. One that fails keeps
   * no other back.
   *
   * @return what came of each, in the same order
   */
  List<FollowedUp> followUp(List<FollowUp> orders);
}
