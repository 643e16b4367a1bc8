package dev.portage.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of the log of a workspace to read.
 *
 * @param workspace where
 * @param model full name of the registered model there
 * @param name name of the model in {@code promotion.yaml}: entries that have it are found whatever
 *     the registered model is called; null if it is not known
 * @param limit entries at most
 * @param until only those that happened at this time or before; null for all
 */
public record HistoryQuery(
    String workspace, String model, @Nullable String name, Integer limit, @Nullable Instant until) {

  /** Whether something that happened then is meant. */
  public boolean includes(Instant at) {
    return until == null || !at.isAfter(until);
  }

  /** The newest entries of a model. */
  public static HistoryQuery newest(String workspace, String model, int limit) {
    return new HistoryQuery(workspace, model, null, limit, null);
  }
}
