package dev.portage.rollback;

import dev.portage.activity.Stubs;
import dev.portage.copy.CopyActivities;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.VersionQuery;
import dev.portage.release.Release;
import dev.portage.settings.Station;
import dev.portage.step.EarlyEnd;
import dev.portage.temporal.Queues;
import dev.portage.tracking.TrainedRun;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;

/**
 * Looks whether the version to go back to still has all that serving needs. It lists its files and
 * reads one byte, which takes a second; its bytes were hashed when it was released.
 *
 * @param settings where
 */
record TargetFiles(RollbackSettings settings) {

  /**
   * The version as the registry has it.
   *
   * @throws EarlyEnd when the version, its run or its files are gone
   * @throws TemporalFailure when that can't be read
   */
  ModelVersion check(Release chosen) {
    Station target = settings.target();
    VersionQuery query = new VersionQuery(target.workspace(), target.model(), chosen.version());
    String what = "look at version " + chosen.version() + " of " + target.model();
    ModelVersion version;
    long files;
    try {
      Promise<ModelVersion> found = Async.function(() -> registry(what).version(query));
      Promise<TrainedRun> run = Async.function(() -> registry(what).runOf(query));
      version = found.get();
      files = copies(what + ": its files").previewCopy(run.get().model()).files();
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      Problem problem = Failures.problemOf(failure, what, "workspace " + target.workspace());
      if (problem.kind() == FailureKind.PLATFORM) {
        throw failure;
      }
      throw notWhole(chosen, problem.cameBack());
    }
    if (files == 0) {
      throw notWhole(chosen, "it has no files");
    }
    return version;
  }

  private EarlyEnd notWhole(Release chosen, String why) {
    return new EarlyEnd(
        Problem.of(
            FailureKind.USER,
            "roll back " + settings.target().model() + " to version " + chosen.version(),
            "workspace " + settings.target().workspace(),
            "that version is not whole, or can't be read: " + why,
            "Nothing was changed. Name another version with --to, or promote its commit again:"
                + (chosen.commit() == null ? "" : " git checkout " + chosen.commit() + " &&")
                + " portage start promotion.yaml --again --allow-older --reason TEXT"));
  }

  private RegistryActivities registry(String summary) {
    return Stubs.quick(
        RegistryActivities.class,
        Queues.of(settings.target().workspace()),
        settings.retryTimeout(),
        summary);
  }

  private CopyActivities copies(String summary) {
    return Stubs.searching(
        CopyActivities.class,
        Queues.of(settings.target().workspace()),
        settings.retryTimeout(),
        summary);
  }
}
