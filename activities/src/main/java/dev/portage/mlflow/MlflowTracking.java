package dev.portage.mlflow;

import dev.portage.failure.FailureKind;
import dev.portage.job.RunRef;
import dev.portage.registry.RegistryActivities;
import dev.portage.tracking.ExitValue;
import dev.portage.tracking.RunLabels;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrackingActivities;
import dev.portage.tracking.TrainedRun;
import java.time.Clock;

/** Finds runs by their properties, never by being the newest; deleted runs don't count. */
public final class MlflowTracking implements TrackingActivities {
  private final MlflowServers servers;
  private final RegistryActivities registry;

  /** The activities over these servers, which register models themselves. */
  public MlflowTracking(MlflowServers servers) {
    this(servers, new MlflowRegistry(servers));
  }

  /**
   * The activities over these servers.
   *
   * @param registry where their workspaces register models
   */
  public MlflowTracking(MlflowServers servers, RegistryActivities registry) {
    this.servers = servers;
    this.registry = registry;
  }

  @Override
  public TrainedRun findRun(RunSearch search) {
    MlflowServer server = servers.of(search.workspace());
    ExitValue named =
        search.runId() == null
            ? ExitValue.read(search.exitValue())
            : ExitValue.ofRun(search.runId());
    if (!named.namesNothing()) {
      return new NamedRun(server, registry, search).find(named);
    }
    RunRef jobRun = search.jobRun();
    if (jobRun == null) {
      throw server.failure(
          FailureKind.USER,
          "find the trained run",
          "there is neither a run id nor a notebook run",
          "Start with --run-id.");
    }
    return new RunsOfJob(server, jobRun).one(search, named);
  }

  @Override
  public TrainedRun standIn(TrainedRun trained) {
    return new StandInRuns(servers.of(trained.model().workspace()), Clock.systemUTC()).of(trained);
  }

  @Override
  public void labelRun(RunLabels labels) {
    servers.of(labels.workspace()).runs().tag(labels.runId(), labels.tags());
  }

  /** Refuses what cannot become a candidate: a deleted run, or one that did not end well. */
  public static void requireFinished(MlflowServer server, Run run) {
    String tried = "use run " + run.id();
    if (!run.active()) {
      throw server.failure(
          FailureKind.USER, tried, "it is deleted", "Restore it, or name another run.");
    }
    if (!run.isFinished()) {
      throw server.failure(
          FailureKind.USER,
          tried,
          "its status is " + run.status(),
          "Only a FINISHED run can be promoted: end it, or name another run.");
    }
  }
}
