package dev.portage.settings;

import io.temporal.activity.ActivityInterface;

/**
 * Reads the platform file. On task queue {@code portage}: every worker has that file, and no secret
 * is read.
 */
@ActivityInterface
public interface SettingsActivities {

  /**
   * Platform policy and promotion.yaml as effective settings. A wrong file is a user error with
   * file and line.
   */
  Settings settings(SettingsOrder order);
}
