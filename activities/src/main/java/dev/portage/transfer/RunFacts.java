package dev.portage.transfer;

import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyOrder;
import dev.portage.mlflow.LoggedModel;
import dev.portage.mlflow.Metric;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.Run;
import dev.portage.mlflow.Runs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Params, metrics with their history, inputs and tags of a run, as its copy carries them. MLflow's
 * own tags would be wrong on the copy: they are kept as {@code portage_source_…} instead. Portage's
 * own tags come from the order, so a copy never carries the key of another effect.
 */
final class RunFacts {
  private static final String MLFLOW = "mlflow.";
  private static final String NOTE = "mlflow.note.content";
  private static final String OURS = "portage_";
  private static final String SOURCE = "portage_source_";

  /** Set once everything else is copied, so that a second call has nothing to do. */
  private static final String CARRIED = "portage_facts";

  private final MlflowServer from;
  private final MlflowServer to;
  private final RetryTimeout retry;

  /**
   * From one server to another.
   *
   * @param retry with which calls that may pass are made again
   */
  RunFacts(MlflowServer from, MlflowServer to, RetryTimeout retry) {
    this.from = from;
    this.to = to;
    this.retry = retry;
  }

  /** Carries all of them; each step may be repeated without harm. */
  void carry(Run original, Run copy, ModelLocation model, CopyOrder order) {
    if (copy.tags().containsKey(CARRIED)) {
      return;
    }
    retry.run(() -> to.runs().params(copy.id(), original.params()));
    metrics(original, copy, model, order);
    if (!original.datasets().isEmpty()) {
      retry.run(() -> to.runs().inputs(copy.id(), original.datasets()));
    }
    retry.run(() -> to.runs().tag(copy.id(), tags(original, order)));
    retry.run(() -> to.runs().tag(copy.id(), Map.of(CARRIED, "carried")));
  }

  /** Values are copied page by page, each retried separately: a long training has millions. */
  private void metrics(Run original, Run copy, ModelLocation model, CopyOrder order) {
    String measured = order.source().modelId();
    Set<Metric> ofModel =
        measured == null || model.modelId() == null ? Set.of() : measuredFor(measured);
    // The server keeps NaN of a model's metric as 0: what is no value of the run stays behind.
    List<Metric> ofBoth = new ArrayList<>();
    List<Metric> waiting = new ArrayList<>();
    for (Metric metric : original.metrics()) {
      String next = "";
      do {
        String at = next;
        Runs.Values page = retry.call(() -> from.runs().history(original.id(), metric.key(), at));
        page.values().stream().filter(ofModel::contains).forEach(ofBoth::add);
        waiting.addAll(page.values());
        if (waiting.size() >= Runs.METRICS_A_BATCH) {
          write(copy, waiting);
        }
        next = page.next();
      } while (!next.isEmpty());
    }
    write(copy, waiting);
    if (model.modelId() != null) {
      retry.run(() -> to.runs().metrics(copy.id(), ofBoth, model.modelId()));
    }
  }

  private Set<Metric> measuredFor(String modelId) {
    return retry.call(() ->
        from.loggedModels()
            .find(modelId)
            .map(LoggedModel::metrics)
            .map(Set::copyOf)
            .orElse(Set.of()));
  }

  private void write(Run copy, List<Metric> waiting) {
    retry.run(() -> to.runs().metrics(copy.id(), waiting));
    waiting.clear();
  }

  /** The tags of a copy. */
  static Map<String, String> tags(Run original, CopyOrder order) {
    Map<String, String> tags = new LinkedHashMap<>();
    original
        .tags()
        .forEach((key, value) -> {
          if (key.startsWith(MLFLOW) && !key.equals(NOTE)) {
            String name = key.substring(MLFLOW.length()).replaceAll("[^A-Za-z0-9]", "_");
            tags.put(SOURCE + name, value);
          } else if (!key.startsWith(OURS) || key.startsWith(SOURCE)) {
            tags.put(key, value);
          }
        });
    // What is known of the very first run stays: it says more than what a copy was made by.
    original.tags().entrySet().stream()
        .filter(tag -> tag.getKey().startsWith(SOURCE))
        .forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
    tags.put(SOURCE + "workspace", order.source().workspace());
    tags.put(SOURCE + "experiment", order.source().experimentId());
    tags.put(SOURCE + "run", order.source().runId());
    if (original.startTime() != null) {
      tags.put(SOURCE + "started", Instant.ofEpochMilli(original.startTime()).toString());
    }
    if (original.endTime() != null) {
      tags.put(SOURCE + "ended", Instant.ofEpochMilli(original.endTime()).toString());
    }
    tags.putAll(order.tags());
    return tags;
  }
}
