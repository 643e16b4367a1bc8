package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.duplicates.Deduplication;
import dev.portage.duplicates.DuplicateCheck;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.duplicates.PossibleDuplicates;
import dev.portage.job.JobActivities;
import dev.portage.job.JobDuplicates;

/**
 * A scoring job that was changed, and may have been created twice: a duplicate with its own
 * schedule would score alongside the real one.
 *
 * @param queue task queue of the workspace's workers
 * @param twins the change, and what is kept of it
 */
public record JobDuplicateCheck(String queue, JobDuplicates twins) implements DuplicateCheck {

  @Override
  public String key() {
    return twins.key();
  }

  @Override
  public String what() {
    return "job " + twins.name();
  }

  @Override
  public String where() {
    return "workspace " + twins.workspace();
  }

  @Override
  public PossibleDuplicates of() {
    return PossibleDuplicates.of(twins);
  }

  @Override
  public DuplicatesRemoved ask() {
    return Stubs.afterwards(
            JobActivities.class,
            queue,
            Deduplication.TIMEOUT,
            "check for a second job " + twins.name() + "?")
        .removeJobTwins(twins);
  }
}
