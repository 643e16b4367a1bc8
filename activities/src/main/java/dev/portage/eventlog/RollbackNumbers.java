package dev.portage.eventlog;

import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.mlflow.RunTag;
import dev.portage.registry.Tags;
import dev.portage.rollback.RollbackId;
import dev.portage.rollback.WayBackQuery;
import java.util.List;

/**
 * Numbers of rollbacks in a log. They are counted by the registered model, whose full name is in
 * the id: one that is given twice would be an entry that is there already.
 */
final class RollbackNumbers {

  private static final int AT_ONCE = 100;

  private final EventRuns runs;
  private final WayBackQuery query;

  RollbackNumbers(EventRuns runs, WayBackQuery query) {
    this.runs = runs;
    this.query = query;
  }

  /** Whether one of these entries names one. */
  boolean areIn(List<HistoryEvent> events) {
    return events.stream().anyMatch(event -> of(event) > 0);
  }

  /**
   * The last one; 0 for none.
   *
   * @param isRead whether entries of the registered model were read as far as to it
   */
  long last(boolean isRead) {
    return isRead
        ? 0
        : runs.find(
                new RunTag(Tags.MODEL, query.model())
                    .and(Tags.HISTORY, HistoryKind.ROLLBACK.word()),
                AT_ONCE,
                event -> of(event) > 0)
            .map(this::of)
            .orElse(0L);
  }

  private long of(HistoryEvent event) {
    return RollbackId.of(String.valueOf(event.workflow()))
        .filter(query.first()::isBeside)
        .map(RollbackId::number)
        .orElse(0L);
  }
}
