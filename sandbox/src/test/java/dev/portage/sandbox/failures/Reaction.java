package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** What Portage did about a fault, as the histories in Temporal and the page tell it. */
final class Reaction {
  private static final int LONGEST = 300;

  private Reaction() {}

  /**
   * A sentence. Fails if a fault that was retried is nowhere to be seen.
   *
   * @param id the workflow that was struck
   */
  static String of(Cell cell, Crew crew, String id, Operation.Ending ending, String late) {
    List<String> parts = new ArrayList<>();
    List<String> retries = new ArrayList<>(crew.temporal().retries(id));
    if (cell.point().turn()) {
      retries.addAll(crew.temporal().retries("lane/prod/" + crew.model()));
    }
    switch (cell.fault()) {
      case ERRORS, BUSY, LOST_ANSWER, LATE_DUPLICATE, HANGS -> {
        assertThat(retries).as("attempts in the history").isNotEmpty();
        parts.addAll(retries);
      }
      case TOKEN_EXPIRES -> {
        parts.addAll(retries);
        parts.addAll(ending.people());
        assertThat(parts).as("the refused login is told").isNotEmpty();
      }
      case CANCELLED -> parts.add(ending.state().equals("RELEASED") ? "came too late" : "stops");
      default -> parts.addAll(ending.people());
    }
    if (!late.isEmpty()) {
      parts.add(late);
    }
    String text = String.join("; ", parts.stream().distinct().toList());
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}
