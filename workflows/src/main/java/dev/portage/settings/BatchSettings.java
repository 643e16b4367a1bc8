package dev.portage.settings;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Batch scoring in the target.
 *
 * @param job name of the job
 * @param notebook relative to {@code promotion.yaml}
 * @param table table of the predictions
 * @param parameters further widgets
 * @param schedule Quartz cron expression, null for none
 * @param timezone of the schedule
 * @param timeout after which the workspace ends a run
 */
public record BatchSettings(
    String job,
    String notebook,
    String table,
    Map<String, String> parameters,
    @Nullable String schedule,
    String timezone,
    Duration timeout) {

  public BatchSettings {
    parameters = Map.copyOf(parameters);
  }
}
