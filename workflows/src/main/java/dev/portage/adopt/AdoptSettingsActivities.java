package dev.portage.adopt;

import io.temporal.activity.ActivityInterface;

/**
 * Reads the platform file for an adoption. On task queue {@code portage}: every worker has that
 * file, and no secret is read.
 */
@ActivityInterface
public interface AdoptSettingsActivities {

  /**
   * What the platform file says about it. A user error when it has no such workspace, nothing is
   * released into that one, its kind has no jobs but one is named, or the model's name does not
   * fit.
   */
  AdoptSettings adoptSettings(AdoptStart start);
}
