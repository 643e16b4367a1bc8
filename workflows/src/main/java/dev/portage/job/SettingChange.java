package dev.portage.job;

/**
 * One setting of a job that a promotion changes, as it is shown: never a secret.
 *
 * @param name its path in the job's settings, as "schedule.quartz_cron_expression"
 * @param now its value, {@link #NOTHING} where it has none
 * @param then the value that it gets, {@link #NOTHING} where it is removed
 */
public record SettingChange(String name, String now, String then) {

  /** Marks a missing value. */
  public static final String NOTHING = "nothing";
}
