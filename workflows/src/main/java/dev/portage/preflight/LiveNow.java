package dev.portage.preflight;

import dev.portage.job.JobState;
import dev.portage.job.SettingChange;
import dev.portage.registry.Champion;
import dev.portage.tracking.Making;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Ahead} found.
 *
 * @param making who made the requested version or run, as far as its run says; null if it doesn't,
 *     or none was requested
 * @param champion the champion; null for none, or if not requested
 * @param job the scoring job; null for none, or if not requested
 * @param released whether the promotion was released there before; null if not requested
 * @param unseenJob id of the job that the last release recorded, where the workspace does not say
 *     whether it was deleted or is hidden from the login; null otherwise, or from a writer that did
 *     not say
 * @param jobSettings settings of the scoring job that would change; null where that was not asked
 *     or could not be read, or from a writer that did not say
 * @param metrics names of metrics that the requested version's or run's run logged; null if none
 *     was requested, or from a writer that did not say
 */
public record LiveNow(
    @Nullable Making making,
    @Nullable Champion champion,
    @Nullable JobState job,
    @Nullable Boolean released,
    @Nullable Long unseenJob,
    @Nullable List<SettingChange> jobSettings,
    @Nullable List<String> metrics) {

  public LiveNow {
    metrics = metrics == null ? null : List.copyOf(metrics);
    jobSettings = jobSettings == null ? null : List.copyOf(jobSettings);
  }

  /** What was found, all of it seen. */
  public LiveNow(
      @Nullable Making making,
      @Nullable Champion champion,
      @Nullable JobState job,
      @Nullable Boolean released) {
    this(making, champion, job, released, null, null, null);
  }
}
