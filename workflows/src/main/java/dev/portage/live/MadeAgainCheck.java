package dev.portage.live;

import dev.portage.activity.Stubs;
import dev.portage.duplicates.Deduplication;
import dev.portage.duplicates.DuplicateCheck;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.duplicates.PossibleDuplicates;
import dev.portage.job.JobActivities;
import dev.portage.job.JobDuplicates;
import java.time.Duration;

/**
 * A scoring job that was created again. The one that counts has the settings that last, and no
 * trace of the call that created it; so how long a second one may appear is remembered here.
 *
 * @param queue task queue of the workspace's workers
 * @param twins the job
 * @param mayCome how long a second one may appear
 */
record MadeAgainCheck(String queue, JobDuplicates twins, Duration mayCome)
    implements DuplicateCheck {

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
    DuplicatesRemoved found =
        Stubs.afterwards(
                JobActivities.class,
                queue,
                Deduplication.TIMEOUT,
                "check for a second job " + twins.name() + "?")
            .removeJobTwins(twins);
    return new DuplicatesRemoved(found.removed(), mayCome);
  }
}
