package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.sandbox.Commands.Result;
import java.util.List;
import java.util.Set;

/**
 * The newest entries of a model's log, newest first. One answer of {@code history} holds no more,
 * and cell after cell adds to the log: so what a cell has added is told by comparing entries with
 * those of before, and never by how many there are.
 */
record LogEntries(List<Entry> newest) {
  private static final String HELD = "FREEZE";
  private static final Set<String> HOLDS = Set.of(HELD, "UNFREEZE");

  LogEntries {
    newest = List.copyOf(newest);
  }

  /**
   * One.
   *
   * @param kind such as "ROLLBACK"
   * @param id its own
   * @param at when it happened
   */
  record Entry(String kind, String id, String at) {

    private static Entry of(JsonNode event) {
      return new Entry(
          event.path("kind").asText(), event.path("id").asText(), event.path("at").asText());
    }
  }

  /** What {@code history} lists now, by default. */
  static LogEntries of(Crew crew) {
    Result history = crew.team().commands().json("history", crew.model());
    assertThat(history.code()).as(history.out()).isZero();
    return new LogEntries(history.json().path("events").valueStream().map(Entry::of).toList());
  }

  /** How many of a kind were added since. Fails if so many were that some may be left out. */
  long since(LogEntries before, String kind) {
    assertThat(before.newest().isEmpty() || newest.stream().anyMatch(before.newest()::contains))
        .as("the entries listed reach back to those of before")
        .isTrue();
    return newest.stream()
        .filter(entry -> entry.kind().equals(kind) && !before.newest().contains(entry))
        .count();
  }

  /** Whether promotions are held by what was last said of that. */
  boolean isHeld() {
    return newest.stream()
        .filter(entry -> HOLDS.contains(entry.kind()))
        .findFirst()
        .filter(entry -> entry.kind().equals(HELD))
        .isPresent();
  }
}
