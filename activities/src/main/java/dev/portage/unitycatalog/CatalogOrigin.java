package dev.portage.unitycatalog;

import dev.portage.candidate.ModelLocation;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.LoggedModel;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowTracking;
import dev.portage.mlflow.Run;
import dev.portage.mlflow.TrainedModels;
import dev.portage.mlflow.VersionOrigin;
import dev.portage.tracking.TrainedRun;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the run behind a version. The files are the version's own: the run may be deleted one day,
 * and what is promoted is what was registered.
 */
final class CatalogOrigin {
  private static final Pattern RUN_FOLDER = Pattern.compile("runs:/[0-9a-f]{32}/(.+?)/?");
  private static final String FOLDER = "model";

  private final MlflowServer server;

  CatalogOrigin(MlflowServer server) {
    this.server = server;
  }

  /**
   * The run, with the version's files; the files alone if the version names no run of this
   * workspace. A user error when the version is not ready, or its run is deleted or unfinished.
   *
   * @param wanted metrics that gates look at, null for none
   */
  TrainedRun runOf(String model, long number, @Nullable List<String> wanted) {
    CatalogVersion version = new CatalogModels(server).version(model, number);
    if (!version.isReady()) {
      throw unknown(version, "its status is " + version.describe());
    }
    Optional<LoggedModel> logged =
        version.modelId().isEmpty()
            ? Optional.empty()
            : server.loggedModels().find(version.modelId()).filter(LoggedModel::isReady);
    String runId =
        version.runId().isEmpty()
            ? logged.map(LoggedModel::sourceRunId).orElse("")
            : version.runId();
    TrainedModels models = new TrainedModels(server);
    ModelLocation files = locationOf(version, logged.orElse(null));
    // Runs stay in the workspace that trained; a catalog's versions are seen from all of them.
    Optional<Run> run = runId.isEmpty() ? Optional.empty() : server.runs().find(runId);
    if (run.isEmpty()) {
      return TrainedModels.withTags(
          models.withoutRun(
              files, logged.orElse(null), VersionOrigin.experimentFor(version.model()), wanted),
          version.tags());
    }
    MlflowTracking.requireFinished(server, run.get());
    return TrainedModels.withTags(
        models.trained(run.get(), files.inRun(run.get().experimentId(), run.get().id()), wanted),
        version.tags());
  }

  private ModelLocation locationOf(CatalogVersion version, @Nullable LoggedModel logged) {
    return new ModelLocation(
        server.workspace(),
        logged == null ? "" : logged.experimentId(),
        "",
        logged == null ? null : logged.id(),
        logged == null ? folderOf(version) : logged.name(),
        logged == null ? version.source() : "models:/" + logged.id(),
        CatalogArtifacts.uriOf(version));
  }

  private static String folderOf(CatalogVersion version) {
    Matcher folder = RUN_FOLDER.matcher(version.source());
    return folder.matches() ? String.valueOf(folder.group(1)) : FOLDER;
  }

  private RuntimeException unknown(CatalogVersion version, String why) {
    return server.failure(
        FailureKind.USER,
        "find the run of version " + version.number() + " of " + version.model(),
        why,
        "Promote a version whose status is READY.");
  }
}
