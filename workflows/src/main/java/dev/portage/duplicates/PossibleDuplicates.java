package dev.portage.duplicates;

import dev.portage.copy.CopyDuplicates;
import dev.portage.job.JobDuplicates;
import dev.portage.registry.VersionOrder;
import dev.portage.serving.EndpointCopies;
import org.jspecify.annotations.Nullable;

/**
 * One thing that may have been created twice. Exactly one of the fields is set.
 *
 * @param run a copy that created a run, otherwise null
 * @param version how a version was requested, otherwise null
 * @param job a scoring job, otherwise null
 * @param endpoint where what an endpoint serves was stored, otherwise null
 */
public record PossibleDuplicates(
    @Nullable CopyDuplicates run,
    @Nullable VersionOrder version,
    @Nullable JobDuplicates job,
    @Nullable EndpointCopies endpoint) {

  /** A copy's run. */
  public static PossibleDuplicates of(CopyDuplicates run) {
    return new PossibleDuplicates(run, null, null, null);
  }

  /** A version. */
  public static PossibleDuplicates of(VersionOrder version) {
    return new PossibleDuplicates(null, version, null, null);
  }

  /** A scoring job. */
  public static PossibleDuplicates of(JobDuplicates job) {
    return new PossibleDuplicates(null, null, job, null);
  }

  /** What an endpoint serves, as it was stored. */
  public static PossibleDuplicates of(EndpointCopies endpoint) {
    return new PossibleDuplicates(null, null, null, endpoint);
  }
}
