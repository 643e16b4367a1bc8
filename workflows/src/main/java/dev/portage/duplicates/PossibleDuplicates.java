package dev.portage.duplicates;

import dev.portage.copy.CopyDuplicates;
import dev.portage.job.JobDuplicates;
import dev.portage.registry.VersionOrder;
import org.jspecify.annotations.Nullable;

/**
 * One thing that may have been made twice. Exactly one is there.
 *
 * @param run a copy that made a run, null when it is something else
 * @param version how a version was asked for, null when it is something else
 * @param job a scoring job, null when it is something else
 */
public record PossibleDuplicates(
    @Nullable CopyDuplicates run, @Nullable VersionOrder version, @Nullable JobDuplicates job) {

  /** Of the run that a copy made. */
  public static PossibleDuplicates of(CopyDuplicates run) {
    return new PossibleDuplicates(run, null, null);
  }

  /** Of a version. */
  public static PossibleDuplicates of(VersionOrder version) {
    return new PossibleDuplicates(null, version, null);
  }

  /** Of a scoring job. */
  public static PossibleDuplicates of(JobDuplicates job) {
    return new PossibleDuplicates(null, null, job);
  }
}
