package dev.portage.duplicates;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/** Checks for duplicates of all kinds in a workspace. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface DuplicateActivities {

  /**
   * Checks for each and removes what is found. A failed check does not block the others.
   *
   * @return the results, in the same order
   */
  List<DuplicatesAnswer> removeTwins(List<PossibleDuplicates> looks);
}
