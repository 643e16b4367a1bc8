package dev.portage.history;

import java.util.List;

/**
 * Entries of the log of a workspace.
 *
 * @param events newest first
 * @param more whether older ones exist that were left out: more than the limit, or than one answer
 *     can hold
 * @param notes what a reader has to know, a line each: entries that can't be read, and where they
 *     are
 */
public record HistoryPage(List<HistoryEvent> events, Boolean more, List<String> notes) {

  public HistoryPage {
    events = List.copyOf(events);
    notes = List.copyOf(notes);
  }
}
