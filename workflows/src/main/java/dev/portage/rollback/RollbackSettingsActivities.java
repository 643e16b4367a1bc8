package dev.portage.rollback;

import io.temporal.activity.ActivityInterface;

/**
 * Reads the platform file for a rollback. On task queue {@code portage}: every worker has that
 * file, and no secret is read.
 */
@ActivityInterface
public interface RollbackSettingsActivities {

  /**
   * What the platform file says about it. A user error when it has no such workspace, nothing is
   * released into that one, or the model's name does not fit.
   */
  RollbackSettings rollbackSettings(RollbackQuery query);
}
