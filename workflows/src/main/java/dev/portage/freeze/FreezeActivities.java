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

  /** Holds promotions of a model from now on; the same order twice is one. */
  Freeze hold(HoldOrder order);

  /**
   * Ends every recorded freeze of the workspace that is not over, or lets go of the model that is
   * named. Returns them; empty if there was none.
   *
   * @throws io.temporal.failure.ApplicationFailure a user error if only freezes of the platform
   *     file are left, which are ended there
   */
  List<Freeze> unfreeze(UnfreezeOrder order);

  /** What is in force or to come of the whole workspace and of models, the next end last. */
  List<Freeze> freezes(String workspace);

  /** Every recorded freeze of the workspace and of models, past ones included, the newest first. */
  List<Freeze> allFreezes(String workspace);
}
