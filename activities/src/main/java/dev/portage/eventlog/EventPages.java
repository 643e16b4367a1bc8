package dev.portage.eventlog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryPage;
import dev.portage.temporal.Payloads;
import dev.portage.text.Bounded;
import java.util.ArrayList;
import java.util.List;

/** Answers that fit into a payload of Temporal. */
final class EventPages {

  private static final ObjectMapper MAPPER = Payloads.mapper();

  private EventPages() {}

  /**
   * As many of the newest entries as fit.
   *
   * @param events newest first
   * @param more whether others were left out before
   */
  static HistoryPage of(List<HistoryEvent> events, int limit, boolean more, List<String> notes) {
    List<HistoryEvent> kept = new ArrayList<>();
    int size = 0;
    for (HistoryEvent event : events.subList(0, Math.min(limit, events.size()))) {
      size += size(event);
      if (size > Bounded.RESULT && !kept.isEmpty()) {
        break;
      }
      kept.add(event);
    }
    return new HistoryPage(kept, more || kept.size() < events.size(), notes);
  }

  private static int size(HistoryEvent event) {
    try {
      return MAPPER.writeValueAsBytes(event).length;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event is a payload and can be written", e);
    }
  }
}
