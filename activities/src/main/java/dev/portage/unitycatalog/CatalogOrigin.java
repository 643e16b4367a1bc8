package dev.portage.unitycatalog;

import dev.portage.candidate.ModelLocation;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.LoggedModel;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowTracking;
import dev.portage.mlflow.Run;
import dev.portage.mlflow.TrainedModels;
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
   * The run, with the version's files. A user error when the version is not ready, or names no run
   * of this workspace that is finished.
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
    if (runId.isEmpty()) {
      throw unknown(version, "it names no run");
    }
    Run run =
        server
            .runs()
            .find(runId)
            .orElseThrow(
                () -> unknown(version, "its run " + runId + " is not one of this workspace"));
    MlflowTracking.requireFinished(server, run);
    return TrainedModels.withTags(
        new TrainedModels(server)
            .trained(run, locationOf(version, run, logged.orElse(null)), wanted),
        version.tags());
  }

  private ModelLocation locationOf(CatalogVersion version, Run run, @Nullable LoggedModel logged) {
    return new ModelLocation(
        server.workspace(),
        run.experimentId(),
        run.id(),
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
        "Promote a version that a finished run of the workspace made.");
  }
}
