package dev.portage.rollback;

import io.temporal.activity.ActivityInterface;

/** Numbers rollbacks by what Temporal knows. On task queue {@code portage}. */
@ActivityInterface
public interface RollbackIdActivities {

  /**
   * The first id that no rollback has had, from this one on. A user error while one of them, or the
   * one before it, is still running: there is one rollback of a model and workspace at a time.
   *
   * @param from the one after the last that the workspace has recorded
   */
  RollbackId freeId(RollbackId from);

  /**
   * Whether a rollback was terminated or timed out, so that not all may be done that follows from
   * it; false also for one that Temporal no longer knows.
   */
  Boolean wasCutOff(RollbackId id);
}
