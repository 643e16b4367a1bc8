package dev.portage.transfer;

import dev.portage.attempt.LostResponse;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyOrder;
import dev.portage.failure.FailureKind;
import dev.portage.mlflow.LoggedModel;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.Run;
import dev.portage.registry.Tags;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where in the target's run the files of a copy belong: in a logged model, if the source is one and
 * the target's server supports them; otherwise in a folder of the run.
 */
final class TargetModels {
  private final MlflowServer source;
  private final MlflowServer target;
  private final Clock clock;
  private final int attempt;

  /**
   * Models of the target.
   *
   * @param attempt which one of the activity this is, 1 for the first
   */
  TargetModels(MlflowServer source, MlflowServer target, Clock clock, int attempt) {
    this.source = source;
    this.target = target;
    this.clock = clock;
    this.attempt = attempt;
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
    List<LoggedModel> made = known.get();
    if (made.isEmpty()) {
      LoggedModel created = create(run, order, modelId);
      // Another worker may have made one at the same time; a search may be behind.
      made = withKey(run, order).filter(models -> !models.isEmpty()).orElse(List.of(created));
    }
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

  /**
   * Deletes what a run holds in addition to the model in use.
   *
   * @param removed called for each deleted model
   * @return how long another may still come, null when none may
   */
  @Nullable Duration twins(
      Run run, CopyOrder order, ModelLocation kept, Consumer<LoggedModel> removed) {
    if (kept.modelId() == null) {
      return null;
    }
    Duration mayCome = null;
    for (LoggedModel model : withKey(run, order).orElse(List.of())) {
      mayCome = LostResponse.longer(mayCome, LostResponse.left(model.tags(), clock.instant()));
      if (!model.id().equals(kept.modelId())) {
        target.loggedModels().delete(model.id());
        removed.accept(model);
      }
    }
    return mayCome;
  }

  /** The one that is to stay comes first: what is complete may be used by now. */
  private Optional<List<LoggedModel>> withKey(Run run, CopyOrder order) {
    return target
        .loggedModels()
        .ofRun(run.experimentId(), run.id())
        .map(models ->
            models.stream()
                .filter(model -> {
                  String key = model.tags().get(Tags.KEY);
                  return order.key().equals(key) || (key != null && key.equals(order.formerKey()));
                })
                .sorted(Comparator.comparing(LoggedModel::isReady).reversed())
                .toList());
  }

  private LoggedModel create(Run run, CopyOrder order, String modelId) {
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
    tags.putAll(LostResponse.tags(attempt, clock.instant()));
    return target
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
}
