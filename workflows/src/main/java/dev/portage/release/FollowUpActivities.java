package dev.portage.release;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/** Does what follows from a release in its own workspace. On task queue {@code portage/<ws>}. */
@ActivityInterface
public interface FollowUpActivities {

  /**
   * Tries each once, in order: labels and records of one workspace, no marks. A failed one does not
   * block the others.
   *
   * @return the results, in the same order
   */
  List<FollowedUp> followUp(List<FollowUp> orders);
}
