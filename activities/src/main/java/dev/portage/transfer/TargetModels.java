package dev.portage.transfer;

import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyOrder;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.LoggedModel;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.Run;
import dev.portage.registry.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the files of a copy belong in the target's run: to a logged model, when the source is one
 * and the target's server knows them; else to a folder of the run.
 */
final class TargetModels {
  private final MlflowServer source;
  private final MlflowServer target;

  TargetModels(MlflowServer source, MlflowServer target) {
    this.source = source;
    this.target = target;
  }

  /** The place for the files; a logged model is made when there is none, once. */
  ModelLocation ofRun(Run run, CopyOrder order) {
    String modelId = order.source().modelId();
    if (modelId == null) {
      return folder(run, order);
    }
    Optional<List<LoggedModel>> known = withKey(run, order);
    if (known.isEmpty()) {
      return folder(run, order); // A server of MLflow 2.
    }
    if (known.get().isEmpty()) {
      create(run, order, modelId);
    }
    List<LoggedModel> made =
        withKey(run, order).filter(models -> !models.isEmpty()).orElseThrow(this::notListed);
    made.stream().skip(1).forEach(model -> target.loggedModels().delete(model.id()));
    LoggedModel first = made.getFirst();
    return new ModelLocation(
        target.workspace(),
        run.experimentId(),
        run.id(),
        first.id(),
        first.name(),
        "models:/" + first.id(),
        first.artifactUri());
  }

  /** Says that the files are complete. To be called after they were read back. */
  void finish(ModelLocation model) {
    if (model.modelId() != null) {
      target.loggedModels().ready(model.modelId());
      target.loggedModels().putOut(model.runId(), model.modelId());
    }
  }

  private Optional<List<LoggedModel>> withKey(Run run, CopyOrder order) {
    return target
        .loggedModels()
        .ofRun(run.experimentId(), run.id())
        .map(models ->
            models.stream()
                .filter(model -> order.key().equals(model.tags().get(Tags.KEY)))
                .toList());
  }

  private void create(Run run, CopyOrder order, String modelId) {
    LoggedModel original =
        source
            .loggedModels()
            .find(modelId)
            .orElseThrow(() ->
                source.failure(
                    FailureKind.FATAL,
                    "read logged model " + modelId,
                    "the source changed since registration: it is gone",
                    "Restore it, or promote another version."));
    Map<String, String> tags = new LinkedHashMap<>(order.tags());
    original
        .tags()
        .forEach((key, value) -> {
          if (!key.startsWith("mlflow.") && !key.startsWith("portage_")) {
            tags.put(key, value);
          }
        });
    tags.put("portage_source_model", modelId);
    tags.put(Tags.KEY, order.key());
    target
        .loggedModels()
        .create(
            run.experimentId(),
            run.id(),
            original.name(),
            original.modelType(),
            original.params(),
            tags);
  }

  private ModelLocation folder(Run run, CopyOrder order) {
    String path = order.source().path();
    return new ModelLocation(
        target.workspace(),
        run.experimentId(),
        run.id(),
        null,
        path,
        "runs:/" + run.id() + "/" + path,
        run.artifactUri() + "/" + path);
  }

  private RuntimeException notListed() {
    return target.failure(
        FailureKind.PLATFORM,
        "find the logged model that was made",
        "it is not listed yet",
        "It is looked for again.");
  }
}
