package dev.portage.mlflow;

import dev.portage.candidate.ModelLocation;
import dev.portage.failure.FailureKind;
import dev.portage.tracking.TrainedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the run and the files behind a version, whoever registered it and however they did. */
final class VersionOrigin {
  /** A version may have been made of another one, that of another; never of itself. */
  private static final int LINKS = 10;

  private static final Pattern OTHER_VERSION = Pattern.compile("models:/([^/]+)/(\\d+)");
  private static final Pattern RUN_FOLDER = Pattern.compile("runs:/([0-9a-f]{32})/(.+?)/?");

  private final MlflowServer server;
  private final TrainedModels models;

  VersionOrigin(MlflowServer server) {
    this.server = server;
    this.models = new TrainedModels(server);
  }

  /**
   * The run with its model. A user error if the version names no existing, finished run.
   *
   * @param wanted metrics that gates look at, null for none
   */
  TrainedRun runOf(String model, long number, @Nullable List<String> wanted) {
    RegisteredVersion version = server.registeredModels().version(model, number);
    List<Map<String, String>> tags = new ArrayList<>();
    for (int link = 0; link < LINKS; link++) {
      tags.add(version.tags());
      Matcher other = OTHER_VERSION.matcher(version.source());
      if (!other.matches()) {
        TrainedRun trained = trained(version, wanted);
        for (Map<String, String> each : tags) {
          trained = TrainedModels.withTags(trained, each);
        }
        return trained;
      }
      version =
          server
              .registeredModels()
              .version(
                  String.valueOf(other.group(1)), Long.parseLong(String.valueOf(other.group(2))));
    }
    throw unknown(version, "its source chain is longer than " + LINKS + " versions");
  }

  private TrainedRun trained(RegisteredVersion version, @Nullable List<String> wanted) {
    String modelId = version.modelId();
    if (modelId != null) {
      LoggedModel logged =
          server
              .loggedModels()
              .find(modelId)
              .orElseThrow(() -> unknown(version, "logged model " + modelId + " is gone"));
      String runId = version.runId().isEmpty() ? logged.sourceRunId() : version.runId();
      Run run = run(version, runId);
      if (!logged.isReady()) {
        throw unknown(version, "logged model " + modelId + " is " + logged.status());
      }
      return models.trained(run, models.locationOf(run, logged), wanted);
    }
    Matcher folder = RUN_FOLDER.matcher(version.source());
    boolean isFolder = folder.matches();
    Run run = run(version, isFolder ? String.valueOf(folder.group(1)) : version.runId());
    String root = run.artifactUri() + "/";
    if (isFolder) {
      return models.trained(run, inRun(run, String.valueOf(folder.group(2))), wanted);
    }
    if (version.source().startsWith(root) && version.source().length() > root.length()) {
      String path = version.source().substring(root.length()).replaceAll("/+$", "");
      return models.trained(run, inRun(run, path), wanted);
    }
    throw unknown(version, "its source " + version.source() + " is not of its run");
  }

  /** On MLflow 3, {@code runs:/…/model} may refer to a logged model of that name. */
  private ModelLocation inRun(Run run, String path) {
    Optional<ModelLocation> logged = models.lastNamed(run, path);
    return logged.isPresent() ? logged.get() : models.locationOf(run, path);
  }

  private Run run(RegisteredVersion version, String runId) {
    if (runId.isEmpty()) {
      throw unknown(version, "it names no run");
    }
    Run run = server.runs().get(runId);
    MlflowTracking.requireFinished(server, run);
    return run;
  }

  private RuntimeException unknown(RegisteredVersion version, String why) {
    return server.failure(
        FailureKind.USER,
        "find the run of version " + version.number() + " of " + version.model(),
        why,
        "Promote a version that a finished run made.");
  }
}
