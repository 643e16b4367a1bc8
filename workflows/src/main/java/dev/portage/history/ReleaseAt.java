package dev.portage.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the log of a workspace says of a time.
 *
 * @param last the last entry by then that made something live; null for none
 * @param first the first entry of all that made something live, if none did by then; null for none
 * @param notes entries that can't be read, a line each
 */
public record ReleaseAt(
    @Nullable HistoryEvent last, @Nullable HistoryEvent first, List<String> notes) {

  public ReleaseAt {
    notes = List.copyOf(notes);
  }
}
