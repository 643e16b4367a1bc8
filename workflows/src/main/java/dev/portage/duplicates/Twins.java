package dev.portage.duplicates;

import dev.portage.copy.CopyTwins;
import dev.portage.job.JobTwins;
import dev.portage.registry.VersionOrder;
import org.jspecify.annotations.Nullable;

/**
 * One thing that may have been made twice. Exactly one is there.
 *
 * @param run a copy that made a run, null when it is something else
 * @param version how a version was asked for, null when it is something else
 * @param job a scoring job, null when it is something else
 */
public record Twins(
    @Nullable CopyTwins run, @Nullable VersionOrder version, @Nullable JobTwins job) {

  /** Of the run that a copy made. */
  public static Twins of(CopyTwins run) {
    return new Twins(run, null, null);
  }

  /** Of a version. */
  public static Twins of(VersionOrder version) {
    return new Twins(null, version, null);
  }

  /** Of a scoring job. */
  public static Twins of(JobTwins job) {
    return new Twins(null, null, job);
  }
}
