package dev.portage.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.candidate.ModelLocation;
import dev.portage.failure.FailureKind;
import dev.portage.registry.Tags;
import dev.portage.tracking.Making;
import dev.portage.tracking.TrainedRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which model a run holds: a logged model of MLflow 3, or else a folder with {@code MLmodel} among
 * the run's artifacts. If a run has both, the logged model counts.
 */
public final class TrainedModels {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PREFERRED = "model";
  private static final String GIT_COMMIT = "mlflow.source.git.commit";

  /** Of a notebook in a repository of the workspace. */
  private static final String DATABRICKS_COMMIT = "mlflow.databricks.gitRepoCommit";

  private final MlflowServer server;

  /** Those of this server. */
  public TrainedModels(MlflowServer server) {
    this.server = server;
  }

  /** All models of a run, in either layout; logged models that are not ready are left out. */
  List<ModelLocation> modelsOf(Run run) {
    return heldBy(run).stream().map(Held::location).toList();
  }

  /**
   * The one model of a run. Of several with one name, as checkpoints have it or what autologging
   * logged before, the one of the highest step counts, then the last that was logged; of several
   * with different names the one named "model". Else a user error that lists them.
   */
  ModelLocation modelOf(Run run) {
    Map<String, Held> byName = lastOfEachName(run);
    if (byName.size() == 1) {
      return byName.values().iterator().next().location();
    }
    Held preferred = byName.get(PREFERRED);
    if (preferred != null) {
      return preferred.location();
    }
    String tried = "find the model of run " + run.id();
    if (byName.isEmpty()) {
      throw server.failure(
          FailureKind.USER,
          tried,
          "the run has no finished model",
          "Log one in it, for example with mlflow.sklearn.log_model(model, name=\"model\").");
    }
    throw server.failure(
        FailureKind.USER,
        tried,
        "the run has several models: " + describe(byName),
        "Name one of them \"model\", log only one in the run, or return the model's id from the notebook, for example with dbutils.notebook.exit(json.dumps({\"model_id\":"
            + " info.model_id})).");
  }

  /** The model of a run that is named so; of several the one that {@link #modelOf} would take. */
  Optional<ModelLocation> lastNamed(Run run, String name) {
    return Optional.ofNullable(lastOfEachName(run).get(name)).map(Held::location);
  }

  /** As {@link #lastNamed}, else a folder. A user error if there is no such model. */
  ModelLocation modelNamed(Run run, String name) {
    Map<String, Held> byName = lastOfEachName(run);
    Held named = byName.get(name);
    if (named != null) {
      return named.location();
    }
    // A deeper folder, or one next to logged models.
    if (server.runs().artifacts(run.id(), name).contains("MLmodel")) {
      return locationOf(run, name);
    }
    throw server.failure(
        FailureKind.USER,
        "find model " + name + " of run " + run.id(),
        byName.isEmpty() ? "the run has no finished model" : "the run has " + describe(byName),
        "Return the URI of a model that the run logged.");
  }

  /**
   * A logged model with a run that put it out, or that is said to have, if it was logged outside of
   * any run. A user error when another run logged it, or it is not ready.
   */
  ModelLocation modelWithId(Run run, LoggedModel model) {
    requireReady(model);
    if (!model.sourceRunId().isEmpty()
        && !model.sourceRunId().equals(run.id())
        && !run.modelIds().contains(model.id())) {
      throw server.failure(
          FailureKind.USER,
          "use logged model " + model.id(),
          "run " + run.id() + " did not log it; run " + model.sourceRunId() + " did",
          "Return a run and a model that match, or only one of them.");
    }
    return locationOf(run, model);
  }

  /** Refuses a logged model whose files may be incomplete. */
  void requireReady(LoggedModel model) {
    if (!model.isReady()) {
      throw server.failure(
          FailureKind.USER,
          "use logged model " + model.id(),
          "it is " + (model.status().isEmpty() ? "of unknown status" : model.status()),
          "Only a logged model with status LOGGED_MODEL_READY can be promoted.");
    }
  }

  private static String describe(Map<String, Held> byName) {
    return Listed.row(
        byName.values().stream()
            .map(held -> held.location().path() + " (" + held.location().source() + ")")
            .toList());
  }

  /**
   * The run with its model, as a promotion needs it.
   *
   * @param wanted metrics that gates look at, null for none
   */
  public TrainedRun trained(Run run, ModelLocation model, @Nullable List<String> wanted) {
    Map<String, Double> metrics = Excerpt.metrics(run.metrics(), wanted);
    Map<String, String> params = Excerpt.params(run.params());
    return TrainedRun.of(
            model, server.experiments().get(run.experimentId()).name(), Excerpt.name(run.name()))
        .metrics(metrics)
        .params(params)
        .commit(commitOf(run))
        .page(server.pages().run(run.experimentId(), run.id()))
        .others(
            moreThanNone(run.metrics().size() - metrics.size()),
            moreThanNone(run.params().size() - params.size()))
        .making(making(run.tags(), run.user()))
        .build();
  }

  /**
   * A model of which no run is known, with what it says itself.
   *
   * @param model without a run
   * @param logged the logged model that it is, null for files alone
   * @param experiment name of the one for the run that will stand for it, if the model is in none
   * @param wanted metrics that gates look at, null for none
   */
  public TrainedRun withoutRun(
      ModelLocation model,
      @Nullable LoggedModel logged,
      String experiment,
      @Nullable List<String> wanted) {
    if (logged == null) {
      return new TrainedRun(model, experiment, model.path(), Map.of(), Map.of(), null, null)
          .made(new Making(List.of(), List.of(), false));
    }
    Map<String, Double> metrics = Excerpt.metrics(logged.metrics(), wanted);
    Map<String, String> params = Excerpt.params(logged.params());
    return TrainedRun.of(
            model,
            server.experiments().get(logged.experimentId()).name(),
            Excerpt.name(logged.name()))
        .metrics(metrics)
        .params(params)
        .commit(commitOf(logged.tags()))
        .others(
            moreThanNone(logged.metrics().size() - metrics.size()),
            moreThanNone(logged.params().size() - params.size()))
        .making(making(logged.tags(), ""))
        .build();
  }

  private static @Nullable Integer moreThanNone(int number) {
    return number > 0 ? number : null;
  }

  /** The commit that a run says it was trained from, null when it does not say. */
  public static @Nullable String commitOf(Run run) {
    return commitOf(run.tags());
  }

  private static @Nullable String commitOf(Map<String, String> tags) {
    String ours = tags.get(Tags.COMMIT);
    return ours != null ? ours : tags.get(GIT_COMMIT);
  }

  /** The same run, as the one of the job run that was searched for. */
  static TrainedRun ofJob(TrainedRun trained) {
    Making making = trained.making();
    return making == null
        ? trained
        : trained.made(new Making(making.commits(), making.users(), true));
  }

  /** The same run, with what the version that was made of it says of commits. */
  public static TrainedRun withTags(TrainedRun trained, Map<String, String> versionTags) {
    Making making = trained.making();
    return making == null ? trained : trained.made(making.with(commits(versionTags)));
  }

  private static Making making(Map<String, String> tags, String user) {
    List<String> users = Stream.of(tags.get("mlflow.user"), user).filter(Objects::nonNull).toList();
    return new Making(commits(tags), users, false);
  }

  /** Each that is named: who labelled a run may have overwritten one of them. */
  private static List<String> commits(Map<String, String> tags) {
    return Stream.of(Tags.COMMIT, GIT_COMMIT, DATABRICKS_COMMIT)
        .flatMap(tag -> Stream.ofNullable(tags.get(tag)))
        .toList();
  }

  private List<Held> heldBy(Run run) {
    List<Held> logged = loggedModelsOf(run);
    return logged.isEmpty() ? foldersOf(run).stream().map(Held::folder).toList() : logged;
  }

  private Map<String, Held> lastOfEachName(Run run) {
    Map<String, Held> byName = new LinkedHashMap<>();
    for (Held held : heldBy(run)) {
      byName.merge(held.location().path(), held, BinaryOperator.maxBy(Held.LATER));
    }
    return byName;
  }

  /**
   * A model of a run.
   *
   * @param step at which it was logged
   * @param createdAt milliseconds since 1970
   */
  private record Held(ModelLocation location, long step, long createdAt) {
    /** Of two that were logged in the same millisecond, always the same. */
    static final Comparator<Held> LATER =
        Comparator.comparingLong(Held::step)
            .thenComparingLong(Held::createdAt)
            .thenComparing(held -> held.location().source());

    static Held folder(ModelLocation location) {
      return new Held(location, 0, 0);
    }
  }

  private List<Held> loggedModelsOf(Run run) {
    Map<String, LoggedModel> models = new LinkedHashMap<>();
    server
        .loggedModels()
        .ofRun(run.experimentId(), run.id())
        .ifPresent(made -> made.forEach(model -> models.put(model.id(), model)));
    Map<String, Long> steps = new HashMap<>();
    for (ModelOutput output : run.outputs()) {
      steps.merge(output.modelId(), output.step(), Math::max);
      if (!models.containsKey(output.modelId())) {
        server
            .loggedModels()
            .find(output.modelId())
            .ifPresent(model -> models.put(model.id(), model));
      }
    }
    return models.values().stream()
        .filter(LoggedModel::isReady)
        .map(model ->
            new Held(locationOf(run, model), steps.getOrDefault(model.id(), 0L), model.createdAt()))
        .toList();
  }

  /** Where a logged model is. */
  ModelLocation locationOf(Run run, LoggedModel model) {
    return locationOf(model).inRun(run.experimentId(), run.id());
  }

  /** Where a logged model is, without a run. */
  ModelLocation locationOf(LoggedModel model) {
    return new ModelLocation(
        server.workspace(),
        model.experimentId(),
        "",
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
            "its model is at the root of the run's artifacts, mixed with everything else",
            "Log it into a folder, for example with artifact_path=\"model\".");
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

  /** Folders that MLflow 1 and 2 recorded in a tag, which may be deeper than the first level. */
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
      return List.of(); // Anyone can write a tag; the folders themselves are read anyway.
    }
    return folders;
  }
}
