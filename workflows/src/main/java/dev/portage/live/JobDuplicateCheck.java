package dev.portage.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portage.duplicates.DuplicateCheck;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.duplicates.PossibleDuplicates;
import dev.portage.job.JobActivities;
import dev.portage.job.JobDuplicates;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A scoring job that was created, changed or created again, and may exist twice: a duplicate with
 * its own schedule would score alongside the real one.
 *
 * @param queue task queue of the workspace's workers
 * @param twins the job, and what is kept of the change
 * @param mayCome how long a second one may appear, where the job itself has no trace of the call
 *     that created it, as one with the settings that last; null where the job says it, or from a
 *     writer that did not say
 */
public record JobDuplicateCheck(
    String queue,
    JobDuplicates twins,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Duration mayCome)
    implements DuplicateCheck {

  /** One whose job says how long a second may appear. */
  public JobDuplicateCheck(String queue, JobDuplicates twins) {
    this(queue, twins, null);
  }

  @Override
  public String key() {
    return twins.key();
  }

  @Override
  public String what() {
    return "job " + twins.name();
  }

  @Override
  public String workspace() {
    return twins.workspace();
  }

  @Override
  public PossibleDuplicates of() {
    return PossibleDuplicates.of(twins);
  }

  @Override
  public DuplicatesRemoved ask() {
    return removal(JobActivities.class).removeJobTwins(twins);
  }
}
