package dev.portage.eventlog;

import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.mlflow.RunTag;
import dev.portage.registry.Tags;
import dev.portage.release.Release;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Entries about one version, found directly in a log of any length. Entries name the versions that
 * they made live and left in tags. Older ones have no such tags, and are found by the name of their
 * run, which says what they made live.
 */
final class VersionEntries {

  /** An entry is about few versions, and a version in few entries. */
  private static final int AT_ONCE = 100;

  /** Where MLflow keeps the name of a run. */
  private static final String RUN_NAME = "mlflow.runName";

  private static final List<HistoryKind> MAKE_LIVE =
      List.of(HistoryKind.RELEASE, HistoryKind.ADOPTION, HistoryKind.ROLLBACK);

  private final EventRuns runs;
  private final String model;

  /** Entries of a registered model in a log. */
  VersionEntries(EventRuns runs, String model) {
    this.runs = runs;
    this.model = model;
  }

  /** Those that made a version live; none means that no entry of the log ever did. */
  List<EventRuns.Entry> madeLive(String version) {
    Map<String, EventRuns.Entry> found = new LinkedHashMap<>();
    add(found, tag -> tag.and(EventTags.VERSION, version));
    if (found.values().stream()
        .flatMap(entry -> Stream.ofNullable(entry.event()))
        .noneMatch(event -> isFirst(event, version))) {
      for (HistoryKind kind : MAKE_LIVE) {
        add(found, tag -> tag.and(RUN_NAME, EventRuns.name(kind, model, version)));
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
    runs.newest(about.apply(new RunTag(Tags.MODEL, model)), AT_ONCE, null, entries -> false)
        .forEach(entry -> found.putIfAbsent(entry.id(), entry));
  }
}
