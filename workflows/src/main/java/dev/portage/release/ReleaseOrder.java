package dev.portage.release;

import dev.portage.history.HistoryEvent;
import org.jspecify.annotations.Nullable;

/**
 * Order to record a release.
 *
 * @param release what to record
 * @param runId run of the target that holds the model; the record becomes one of its artifacts
 * @param event entry of the workspace's log that it becomes, without the release; null from a
 *     writer that knew no log
 */
public record ReleaseOrder(Release release, String runId, @Nullable HistoryEvent event) {

  /** An order that leaves no entry in the log. */
  public ReleaseOrder(Release release, String runId) {
    this(release, runId, null);
  }
}
