package dev.portage.mlflow;

import dev.portage.candidate.ModelLocation;
import dev.portage.failure.FailureKind;
import dev.portage.job.RunRef;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.VersionQuery;
import dev.portage.tracking.ExitValue;
import dev.portage.tracking.RegisteredAlready;
import dev.portage.tracking.RunSearch;
import dev.portage.tracking.TrainedRun;
import java.util.Map;

/** The run and model that a notebook's exit value names. */
final class NamedRun {
  private final MlflowServer server;
  private final RegistryActivities registry;
  private final RunSearch search;

  /**
   * What is named to this search.
   *
   * @param registry where the workspace registers models
   */
  NamedRun(MlflowServer server, RegistryActivities registry, RunSearch search) {
    this.server = server;
    this.registry = registry;
    this.search = search;
  }

  /** Finds it. A user error when there is no such run or model, or it can't be promoted. */
  TrainedRun find(ExitValue named) {
    if (named.model() != null && named.version() != null) {
      return version(named, named.model(), named.version());
    }
    if (named.modelId() != null) {
      return logged(named, named.modelId());
    }
    Run run = server.runs().get(String.valueOf(named.runId()));
    MlflowTracking.requireFinished(server, run);
    TrainedModels models = new TrainedModels(server);
    return described(
        run.tags(),
        models.trained(
            run,
            named.path() == null ? models.modelOf(run) : models.modelNamed(run, named.path()),
            search.metrics()));
  }

  private TrainedRun logged(ExitValue named, String modelId) {
    TrainedModels models = new TrainedModels(server);
    LoggedModel model =
        server
            .loggedModels()
            .find(modelId)
            .orElseThrow(() ->
                server.failure(
                    FailureKind.USER,
                    "use logged model " + modelId,
                    "it does not exist",
                    "Return the model_id of what log_model returned."));
    String runId = named.runId() == null ? model.sourceRunId() : named.runId();
    if (runId.isEmpty()) {
      models.requireReady(model);
      return described(
          model.tags(),
          models.withoutRun(models.locationOf(model), model, model.name(), search.metrics()));
    }
    Run run = server.runs().get(runId);
    MlflowTracking.requireFinished(server, run);
    return described(
        run.tags(), models.trained(run, models.modelWithId(run, model), search.metrics()));
  }

  private TrainedRun version(ExitValue named, String model, String version) {
    VersionQuery query = new VersionQuery(search.workspace(), model, version, search.metrics());
    if (!Versions.isNumber(query)) {
      // It is exact from here on, wherever the alias may point later.
      String number = registry.versionNamed(query).version();
      query = new VersionQuery(search.workspace(), model, number, search.metrics());
    }
    TrainedRun run = registry.runOf(query);
    if (!run.model().hasRun()) {
      return withoutRun(named, run).registeredAs(new RegisteredAlready(model, query.version()));
    }
    if (named.runId() != null && !named.runId().equals(run.model().runId())) {
      throw server.failure(
          FailureKind.USER,
          "use version " + query.version() + " of " + model,
          "it belongs to run "
              + run.model().runId()
              + ", but the notebook also returned run "
              + named.runId()
              + " too",
          "Return a run and a version that match, or only one of them.");
    }
    TrainedRun known =
        search.jobRun() == null
            ? run
            : described(server.runs().get(run.model().runId()).tags(), run);
    return known.registeredAs(new RegisteredAlready(model, query.version()));
  }

  /** A version that names no run is of the run that the notebook names beside it, if it does. */
  private TrainedRun withoutRun(ExitValue named, TrainedRun found) {
    String runId = named.runId();
    String modelId = found.model().modelId();
    if (runId != null) {
      Run run = server.runs().get(runId);
      MlflowTracking.requireFinished(server, run);
      ModelLocation model = found.model().inRun(run.experimentId(), run.id());
      return described(run.tags(), new TrainedModels(server).trained(run, model, search.metrics()));
    }
    return modelId == null
        ? found
        : server
            .loggedModels()
            .find(modelId)
            .map(model -> described(model.tags(), found))
            .orElse(found);
  }

  /** With whether it is of the job run that named it, or of elsewhere. */
  private TrainedRun described(Map<String, String> tags, TrainedRun trained) {
    RunRef job = search.jobRun();
    return job != null && RunsOfJob.isOf(tags, job) ? TrainedModels.ofJob(trained) : trained;
  }
}
