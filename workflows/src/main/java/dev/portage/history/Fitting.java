package dev.portage.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.temporal.Payloads;
import dev.portage.text.Bounded;
import java.util.ArrayList;
import java.util.List;

/** As many entries as one answer can hold: Temporal limits payloads. */
public final class Fitting {

  private static final ObjectMapper MAPPER = Payloads.mapper();

  private Fitting() {}

  /**
   * The first entries, as many as fit; at least one, if there is one.
   *
   * @param limit entries at most
   */
  public static List<HistoryEvent> first(List<HistoryEvent> events, int limit) {
    List<HistoryEvent> kept = new ArrayList<>();
    int size = 0;
    for (HistoryEvent event : events.subList(0, Math.min(limit, events.size()))) {
      size += size(event);
      if (size > Bounded.RESULT && !kept.isEmpty()) {
        break;
      }
      kept.add(event);
    }
    return kept;
  }

  private static int size(HistoryEvent event) {
    try {
      return MAPPER.writeValueAsBytes(event).length;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event is a payload and can be written", e);
    }
  }
}
