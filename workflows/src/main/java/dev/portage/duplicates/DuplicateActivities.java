package dev.portage.duplicates;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/** Looks for twins of all kinds in a workspace. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface DuplicateActivities {

  /**
   * Looks for each and removes what is found. A look that fails keeps no other back.
   *
   * @return what came of each, in the same order
   */
  List<DuplicatesAnswer> removeTwins(List<PossibleDuplicates> looks);
}
