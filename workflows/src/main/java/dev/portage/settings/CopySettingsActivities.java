package dev.portage.settings;

import io.temporal.activity.ActivityInterface;

/**
 * Reads the platform file for copying a single version. On task queue {@code portage}: every worker
 * has that file, and no secret is read.
 */
@ActivityInterface
public interface CopySettingsActivities {

  /**
   * What the platform file says about it. A user error when it has no such workspace, the model's
   * name does not fit, or less is to be verified than it demands.
   */
  CopySettings copySettings(CopyRequest request);
}
