package dev.portage.duplicates;

import dev.portage.copy.CopyActivities;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.job.JobActivities;
import dev.portage.registry.RegistryActivities;
import dev.portage.serving.EndpointActivities;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Removes duplicates, using the activities that a workspace has for each kind. */
public final class DuplicateRemoval implements DuplicateActivities {

  private final CopyActivities copies;
  private final RegistryActivities registry;
  private final @Nullable JobActivities jobs;
  private final @Nullable EndpointActivities endpoints;

  /**
   * Looks by these.
   *
   * @param jobs null where the workspace runs none
   * @param endpoints null where the workspace serves nothing
   */
  public DuplicateRemoval(
      CopyActivities copies,
      RegistryActivities registry,
      @Nullable JobActivities jobs,
      @Nullable EndpointActivities endpoints) {
    this.copies = copies;
    this.registry = registry;
    this.jobs = jobs;
    this.endpoints = endpoints;
  }

  @Override
  public List<DuplicatesAnswer> removeTwins(List<PossibleDuplicates> looks) {
    return looks.stream().map(this::looked).toList();
  }

  private DuplicatesAnswer looked(PossibleDuplicates twins) {
    try {
      return DuplicatesAnswer.of(look(twins));
    } catch (ApplicationFailure failure) {
      return FailureKind.ofType(failure.getType()) == FailureKind.PLATFORM
          ? DuplicatesAnswer.askAgain()
          : DuplicatesAnswer.unknown(Failures.line(failure));
    }
  }

  private DuplicatesRemoved look(PossibleDuplicates twins) {
    if (twins.run() != null) {
      return copies.removeCopyTwins(twins.run());
    }
    if (twins.version() != null) {
      return registry.removeVersionTwins(twins.version());
    }
    if (twins.endpoint() != null) {
      return Objects.requireNonNull(endpoints, "only workspaces that serve can have one")
          .removeEndpointTwins(twins.endpoint());
    }
    return Objects.requireNonNull(jobs, "only workspaces that run jobs can have one")
        .removeJobTwins(Objects.requireNonNull(twins.job(), "one of four"));
  }
}
