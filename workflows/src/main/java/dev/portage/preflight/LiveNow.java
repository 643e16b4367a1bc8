package dev.portage.preflight;

import dev.portage.job.JobState;
import dev.portage.registry.Champion;
import dev.portage.tracking.Making;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Ahead} found.
 *
 * @param making who made the version or run that was asked for, as far as its run tells; null where
 *     it does not, or none was asked for
 * @param champion the champion; null for none, or where it was not asked for
 * @param job the scoring job; null for none, or where it was not asked for
 * @param released whether the promotion was released there before; null where it was not asked for
 * @param unseenJob id of the job that the last release recorded, where the workspace does not say
 *     whether it was deleted or is hidden from the login; null otherwise, or from a writer that did
 *     not say
 */
public record LiveNow(
    @Nullable Making making,
    @Nullable Champion champion,
    @Nullable JobState job,
    @Nullable Boolean released,
    @Nullable Long unseenJob) {

  /** What was found, all of it seen. */
  public LiveNow(
      @Nullable Making making,
      @Nullable Champion champion,
      @Nullable JobState job,
      @Nullable Boolean released) {
    this(making, champion, job, released, null);
  }
}
