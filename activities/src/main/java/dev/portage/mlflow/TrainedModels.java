package dev.portage.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.candidate.ModelLocation;
import dev.portage.failure.FailureKind;
import dev.portage.registry.Tags;
import dev.portage.tracking.TrainedRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which model a run holds: a logged model of MLflow 3, else a folder with {@code MLmodel} among the
 * run's artifacts. Where a run has both, the logged model is it.
 */
public final class TrainedModels {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PREFERRED = "model";

  private final MlflowServer server;

  /** Those of this server. */
  public TrainedModels(MlflowServer server) {
    this.server = server;
  }

  /** All models of a run, in either layout; logged models that are not ready are left out. */
  List<ModelLocation> modelsOf(Run run) {
    List<ModelLocation> logged = loggedModelsOf(run);
    return logged.isEmpty() ? foldersOf(run) : logged;
  }

  /**
   * The one model of a run; of several the one named "model". Else a user error that lists them.
   */
  ModelLocation modelOf(Run run) {
    List<ModelLocation> models = modelsOf(run);
    if (models.size() == 1) {
      return models.getFirst();
    }
    List<ModelLocation> preferred =
        models.stream().filter(model -> model.path().equals(PREFERRED)).toList();
    if (preferred.size() == 1) {
      return preferred.getFirst();
    }
    String tried = "find the model of run " + run.id();
    if (models.isEmpty()) {
      throw server.failure(
          FailureKind.USER,
          tried,
          "the run holds no finished model",
          "Log one in it, as by mlflow.sklearn.log_model(model, name=\"model\").");
    }
    throw server.failure(
        FailureKind.USER,
        tried,
        "the run holds several models: "
            + models.stream()
                .map(model -> model.path() + " (" + model.source() + ")")
                .collect(Collectors.joining(", ")),
        "Name one of them \"model\", or log only one in the run.");
  }

  /** The run with its model, as a promotion needs it. */
  public TrainedRun trained(Run run, ModelLocation model) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    run.metrics().forEach(metric -> metrics.put(metric.key(), metric.value()));
    return new TrainedRun(
        model,
        server.experiments().get(run.experimentId()).name(),
        run.name(),
        metrics,
        run.params(),
        commitOf(run),
        server.pages().run(run.experimentId(), run.id()));
  }

  /** The commit that a run says it was trained from, null when it does not say. */
  public static @Nullable String commitOf(Run run) {
    String ours = run.tags().get(Tags.COMMIT);
    return ours != null ? ours : run.tags().get("mlflow.source.git.commit");
  }

  private List<ModelLocation> loggedModelsOf(Run run) {
    Optional<List<LoggedModel>> made = server.loggedModels().ofRun(run.experimentId(), run.id());
    if (made.isEmpty()) {
      return List.of();
    }
    Map<String, LoggedModel> models = new LinkedHashMap<>();
    made.get().forEach(model -> models.put(model.id(), model));
    for (String id : run.modelIds()) {
      if (!models.containsKey(id)) {
        server.loggedModels().find(id).ifPresent(model -> models.put(id, model));
      }
    }
    return models.values().stream()
        .filter(LoggedModel::isReady)
        .map(model -> locationOf(run, model))
        .toList();
  }

  /** Where a logged model is. */
  ModelLocation locationOf(Run run, LoggedModel model) {
    return new ModelLocation(
        server.workspace(),
        run.experimentId(),
        run.id(),
        model.id(),
        model.name(),
        "models:/" + model.id(),
        model.artifactUri());
  }

  /** Where a folder of a run is. */
  ModelLocation locationOf(Run run, String folder) {
    return new ModelLocation(
        server.workspace(),
        run.experimentId(),
        run.id(),
        null,
        folder,
        "runs:/" + run.id() + "/" + folder,
        run.artifactUri() + "/" + folder);
  }

  private List<ModelLocation> foldersOf(Run run) {
    Set<String> folders = new LinkedHashSet<>(loggedFolders(run));
    for (String name : server.runs().artifacts(run.id(), "")) {
      if (name.endsWith("/")) {
        folders.add(name.substring(0, name.length() - 1));
      } else if (name.equals("MLmodel")) {
        throw server.failure(
            FailureKind.USER,
            "find the model of run " + run.id(),
            "its model lies at the root of the run's artifacts, among everything else",
            "Log it into a folder, as artifact_path=\"model\".");
      }
    }
    List<ModelLocation> found = new ArrayList<>();
    for (String folder : folders) {
      if (server.runs().artifacts(run.id(), folder).contains("MLmodel")) {
        found.add(locationOf(run, folder));
      }
    }
    return found;
  }

  /** Folders that MLflow 1 and 2 wrote down in a tag, which may lie deeper than the first level. */
  private static List<String> loggedFolders(Run run) {
    List<String> folders = new ArrayList<>();
    String history = run.tags().get("mlflow.log-model.history");
    if (history == null) {
      return folders;
    }
    try {
      for (JsonNode entry : JSON.readTree(history)) {
        String folder = Json.text(entry, "artifact_path");
        if (!folder.isEmpty() && entry.path("model_id").isMissingNode()) {
          folders.add(folder);
        }
      }
    } catch (JsonProcessingException e) {
      return List.of(); // Anybody can write a tag; the folders themselves are looked at anyway.
    }
    return folders;
  }
}
