package dev.portage.freeze;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/**
 * Freezes of a workspace: those recorded there, so that neither Temporal's retention nor a lost
 * server forgets them, and those of the platform file. On task queue {@code portage/<workspace>}.
 */
@ActivityInterface
public interface FreezeActivities {

  /** Freezes a workspace from now on; the same order twice is one. */
  Freeze freeze(FreezeOrder order);

  /**
   * Ends every recorded freeze that is not over. Returns them; empty if there was none.
   *
   * @throws io.temporal.failure.ApplicationFailure a user error if only freezes of the platform
   *     file are left, which are ended there
   */
  List<Freeze> unfreeze(UnfreezeOrder order);

  /** What is in force or to come, the next end last. */
  List<Freeze> freezes(String workspace);

  /** Every recorded freeze, past ones included, the newest first. */
  List<Freeze> allFreezes(String workspace);
}
