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

/**
 * Finds the run and the files behind a version, whoever registered it and however they did: by the
 * run that it names, its logged model, or the address of its files. MLflow 3 logs models outside of
 * runs too: then there are the files, and no run.
 */
public final class VersionOrigin {
  /** A version may have been made of another one, that of another; never of itself. */
  private static final int LINKS = 10;

  private static final Pattern OTHER_VERSION = Pattern.compile("models:/([^/]+)/(\\d+)");
  private static final Pattern RUN_FOLDER = Pattern.compile("runs:/([0-9a-f]{32})/(.+?)/?");

  /** Of a run or a logged model, as a part of a path. */
  private static final Pattern ID = Pattern.compile("/((?:m-)?[0-9a-f]{32})(?=/|$)");

  /** Files that an MLflow server hands out by their address alone. */
  private static final String SERVED = "mlflow-artifacts:";

  private final MlflowServer server;
  private final TrainedModels models;

  VersionOrigin(MlflowServer server) {
    this.server = server;
    this.models = new TrainedModels(server);
  }

  /**
   * The run with its model, or the model alone if no run is known. A user error if the run is
   * deleted or not finished, or if the files can't be had.
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
      return ofModel(version, logged, wanted);
    }
    String source = version.source().replaceAll("/+$", "");
    Matcher folder = RUN_FOLDER.matcher(source);
    if (folder.matches()) {
      Run run = run(String.valueOf(folder.group(1)));
      return models.trained(run, inRun(run, String.valueOf(folder.group(2))), wanted);
    }
    if (!version.runId().isEmpty()) {
      Run run = run(version.runId());
      String path = below(run.artifactUri(), source);
      if (path != null) {
        return models.trained(run, inRun(run, path), wanted);
      }
    }
    return byAddress(version, source, wanted);
  }

  private TrainedRun ofModel(
      RegisteredVersion version, LoggedModel logged, @Nullable List<String> wanted) {
    if (!logged.isReady()) {
      throw unknown(version, "logged model " + logged.id() + " is " + logged.status());
    }
    String runId = version.runId().isEmpty() ? logged.sourceRunId() : version.runId();
    if (runId.isEmpty()) {
      return models.withoutRun(models.locationOf(logged), logged, logged.name(), wanted);
    }
    Run run = run(runId);
    return models.trained(run, models.locationOf(run, logged), wanted);
  }

  /**
   * By the address of its files, in which servers put the ids of runs and logged models. If it
   * holds neither, it is promoted as the files that are there.
   */
  private TrainedRun byAddress(
      RegisteredVersion version, String source, @Nullable List<String> wanted) {
    Matcher ids = ID.matcher(source);
    while (ids.find()) {
      String id = String.valueOf(ids.group(1));
      if (id.startsWith("m-")) {
        Optional<LoggedModel> logged =
            server.loggedModels().find(id).filter(model -> model.artifactUri().equals(source));
        if (logged.isPresent()) {
          return ofModel(version, logged.get(), wanted);
        }
      } else {
        Optional<Run> run = server.runs().find(id);
        String path = run.isEmpty() ? null : below(run.get().artifactUri(), source);
        if (run.isPresent() && path != null) {
          MlflowTracking.requireFinished(server, run.get());
          return models.trained(run.get(), inRun(run.get(), path), wanted);
        }
      }
    }
    if (!version.runId().isEmpty()) {
      throw unknown(version, "its source " + version.source() + " is not of its run");
    }
    if (!source.startsWith(SERVED)) {
      throw unknown(
          version,
          "it names no run, and its source "
              + version.source()
              + " is neither of a run nor of a logged model, nor files that the server hands out");
    }
    ModelLocation files =
        new ModelLocation(
            server.workspace(),
            "",
            "",
            null,
            source.substring(source.lastIndexOf('/') + 1),
            version.source(),
            source);
    return models.withoutRun(files, null, experimentFor(version.model()), wanted);
  }

  /** Where the run is made that stands for a version, if nothing says where it belongs. */
  public static String experimentFor(String model) {
    return "/Shared/" + model.substring(model.lastIndexOf('.') + 1);
  }

  /** The part of an address below another one; null if it is not below it. */
  private static @Nullable String below(String root, String address) {
    return address.startsWith(root + "/") ? address.substring(root.length() + 1) : null;
  }

  /** On MLflow 3, {@code runs:/…/model} may refer to a logged model of that name. */
  private ModelLocation inRun(Run run, String path) {
    Optional<ModelLocation> logged = models.lastNamed(run, path);
    return logged.isPresent() ? logged.get() : models.locationOf(run, path);
  }

  private Run run(String runId) {
    Run run = server.runs().get(runId);
    MlflowTracking.requireFinished(server, run);
    return run;
  }

  private RuntimeException unknown(RegisteredVersion version, String why) {
    return server.failure(
        FailureKind.USER,
        "find the run of version " + version.number() + " of " + version.model(),
        why,
        "Promote a version of a finished run or a logged model, as"
            + " mlflow.register_model(\"runs:/<run id>/model\", \""
            + version.model()
            + "\") makes one.");
  }
}
