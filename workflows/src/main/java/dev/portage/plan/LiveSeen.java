package dev.portage.plan;

import dev.portage.job.JobState;
import dev.portage.registry.Champion;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LiveQuery} found.
 *
 * @param champion the champion, null for none
 * @param job the scoring job; null for none, or where it was not asked for
 * @param unseenJob id of the job that the champion's release recorded, where the workspace does not
 *     say whether it was deleted or is hidden from the login; null otherwise
 * @param released whether the version was released by the promotion before
 */
public record LiveSeen(
    @Nullable Champion champion,
    @Nullable JobState job,
    @Nullable Long unseenJob,
    Boolean released) {

  /** What of it a plan depends on. */
  public Planner.Now now() {
    return new Planner.Now(champion, job, unseenJob);
  }
}
