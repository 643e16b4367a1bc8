package dev.portage.eventlog;

import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.mlflow.RunTag;
import dev.portage.registry.Tags;
import dev.portage.release.Release;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Entries about one version, found directly in a log of any length. Entries name the versions that
 * they made live and left in tags. Older ones have no such tags, and are found by the name of their
 * run, which says what they made live.
 */
final class VersionEntries {

  /** An entry is about few versions, and a version in few entries. */
  private static final int AT_ONCE = 100;

  /** Registered models that the same name in promotion.yaml may have had. */
  private static final int MOST_MODELS = 20;

  /** Where MLflow keeps the name of a run. */
  private static final String RUN_NAME = "mlflow.runName";

  private static final List<HistoryKind> MAKE_LIVE =
      List.of(HistoryKind.RELEASE, HistoryKind.ADOPTION, HistoryKind.ROLLBACK);

  private final EventRuns runs;
  private final String workspace;
  private final String model;
  private final List<String> models;

  /**
   * Entries of a model in a log.
   *
   * @param name name of the model in {@code promotion.yaml}, under which entries of other
   *     registered models count too; null for none
   */
  VersionEntries(EventRuns runs, String workspace, String model, @Nullable String name) {
    this.runs = runs;
    this.workspace = workspace;
    this.model = model;
    this.models = models(name);
  }

  private List<String> models(@Nullable String name) {
    List<String> found = new ArrayList<>(List.of(model));
    if (name != null) {
      RunTag others = new RunTag(Tags.NAME, name).butNot(Tags.MODEL, model);
      while (found.size() < MOST_MODELS) {
        Optional<String> other =
            runs.find(others, 1, event -> event.model() != null)
                .flatMap(event -> Optional.ofNullable(event.model()));
        if (other.isEmpty()) {
          break;
        }
        found.add(other.get());
        others = others.butNot(Tags.MODEL, other.get());
      }
    }
    return found;
  }

  /** Those that made a version live; none means that no entry of the log ever did. */
  List<EventRuns.Entry> madeLive(String version) {
    Map<String, EventRuns.Entry> found = new LinkedHashMap<>();
    add(found, tag -> tag.and(EventTags.VERSION, version));
    if (found.values().stream()
        .flatMap(entry -> Stream.ofNullable(entry.event()))
        .noneMatch(event -> isFirst(event, version))) {
      for (HistoryKind kind : MAKE_LIVE) {
        for (String one : models) {
          add(found, one, tag -> tag.and(RUN_NAME, EventRuns.name(kind, one, version)));
        }
      }
    }
    return List.copyOf(found.values());
  }

  /** Those that left a version, as far as they name it in a tag. */
  List<EventRuns.Entry> left(String version) {
    Map<String, EventRuns.Entry> found = new LinkedHashMap<>();
    add(found, tag -> tag.and(EventTags.LEFT, version));
    return List.copyOf(found.values());
  }

  /** Whether it is what made a version live first, and not again. */
  static boolean isFirst(HistoryEvent event, String version) {
    Release release = event.release();
    return release != null
        && release.version().equals(version)
        && event.kind() != HistoryKind.ROLLBACK;
  }

  private void add(Map<String, EventRuns.Entry> found, Function<RunTag, RunTag> about) {
    models.forEach(one -> add(found, one, about));
  }

  private void add(Map<String, EventRuns.Entry> found, String one, Function<RunTag, RunTag> about) {
    runs.newest(about.apply(new RunTag(Tags.MODEL, one)), AT_ONCE, null, entries -> false).stream()
        // Several workspaces may be at one address; what they call a model tells them apart.
        .filter(entry -> one.equals(model) || entry.isOf(workspace))
        .forEach(entry -> found.putIfAbsent(entry.id(), entry));
  }
}
