package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.sandbox.Commands;
import java.util.ArrayList;
import java.util.List;

/** What Portage did about a fault, as the histories in Temporal and the page tell it. */
final class Reaction {
  private static final int LONGEST = 300;

  private Reaction() {}

  /** Without what differs each time. */
  private static String told(String text, String model) {
    return text.replace(model, "churn")
        .replaceAll("churn/[0-9a-f]{12}", "churn/4f2a6d1b90c3")
        .replaceAll("https?://127\\.0\\.0\\.1:\\d+[^\\s\"|)]*", "…")
        .replaceAll("m-[0-9a-f]{32}|[0-9a-f]{32}|\\d{6,}", "…");
  }

  /**
   * A sentence. Fails if a fault that was retried is nowhere to be seen.
   *
   * @param id the workflow that was struck
   */
  static String of(Cell cell, Crew crew, String id, Operation.Ending ending, Injection injection) {
    JsonNode page = new Commands.Result(0, ending.page()).json();
    List<String> notices = new ArrayList<>();
    page.path("notices").forEach(notice -> notices.add(notice.asText()));
    List<String> parts = new ArrayList<>();
    List<String> retries = new ArrayList<>(crew.temporal().retries(id));
    if (cell.point().turn()) {
      retries.addAll(crew.temporal().retries("lane/prod/" + crew.model()));
    }
    switch (cell.fault()) {
      case ERRORS, BUSY, LOST_ANSWER, LATE_DUPLICATE, HANGS -> {
        parts.addAll(retries);
        if (retries.isEmpty()) {
          // A copy repeats its calls itself, for a while.
          assertThat(injection.repeated()).as("calls after the fault").isPositive();
          parts.add("repeated within the same attempt");
        }
      }
      case TOKEN_EXPIRES -> {
        parts.addAll(retries);
        parts.addAll(ending.people());
        assertThat(parts).as("the refused login is told").isNotEmpty();
      }
      case CANCELLED -> {
        parts.add(page.path("says").asText());
        parts.addAll(notices);
      }
      case LANE_TERMINATED ->
          parts.add(
              crew.temporal().isTerminated("lane/prod/" + crew.model())
                  ? "the holder finished without its lane"
                  : "a new lane began and let the holder finish");
      default -> parts.addAll(ending.people());
    }
    if (cell.fault() == Fault.LATE_DUPLICATE) {
      parts.add("the late call was answered " + injection.late());
      parts.addAll(notices);
      // Jobs and their runs are started under a key; MLflow makes whatever it is asked for.
      if (injection.late() == 200 && cell.point().call().path().contains("/mlflow/")) {
        assertThat(String.join("\n", notices)).as("the duplicate is told").contains("twice");
      }
    }
    String text = told(String.join("; ", parts.stream().distinct().toList()), crew.model());
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}
