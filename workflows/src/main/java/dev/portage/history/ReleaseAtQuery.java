package dev.portage.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was made live last by a time.
 *
 * @param workspace where
 * @param model full name of the registered model there
 * @param name name of the model in {@code promotion.yaml}, as {@link HistoryQuery#name}; null if it
 *     is not known
 * @param at the time
 */
public record ReleaseAtQuery(String workspace, String model, @Nullable String name, Instant at) {

  /** The entries among which it is. */
  public HistoryQuery entries() {
    return new HistoryQuery(workspace, model, name, 1, null);
  }

  /** Whether an entry made a version of that registered model live by then. */
  public boolean isAnsweredBy(HistoryEvent event) {
    return event.isOf(model) && wasLive(event);
  }

  /** The same of any registered model that had the name. */
  public boolean wasLive(HistoryEvent event) {
    return event.hasRelease() && !event.at().isAfter(at);
  }
}
