package dev.portage.sandbox.failures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.sandbox.Commands;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What Portage did about a fault, as the histories in Temporal and the page tell it. */
final class Reaction {
  private static final int LONGEST = 300;

  /**
   * Only a copy repeats its calls itself, for a while, and requests to a served version are sent
   * again; all others leave that to Temporal.
   */
  private static final Set<String> REPEATING =
      Set.of("prod/copy", ServingUnderFaults.PROBE, WatchUnderFaults.REQUESTS);

  /** Entries of the log, each with an id of its own. */
  private static final Set<String> LOGGED = Set.of("prod/release", "record", "quarantine", "hold");

  private Reaction() {}

  /** Without what differs each time. */
  private static String told(String text, String model) {
    return text.replace(model, "churn")
        .replaceAll("churn/[0-9a-f]{12}", "churn/4f2a6d1b90c3")
        .replaceAll("https?://127\\.0\\.0\\.1:\\d+[^\\s\"|)]*", "…")
        .replaceAll("m-[0-9a-f]{32}|[0-9a-f]{32}|\\d{6,}", "…");
  }

  /** Texts, one of which is in what comes back of an attempt that was struck; none without one. */
  private static List<String> words(Fault fault) {
    return switch (fault) {
      case ERRORS, BUSY -> List.of("injected");
      case LOST_ANSWER, LATE_DUPLICATE -> List.of(" broke: ");
      // Whose time is over first, the call's or the attempt's, depends on what came before.
      case HANGS -> List.of(" in time", " timeout");
      case TOKEN_EXPIRES -> List.of("the token has expired");
      case KILLED_BEFORE, KILLED_AFTER, CANCELLED, HOLDER_TERMINATED, LANE_TERMINATED, TROUBLE ->
          List.of();
    };
  }

  /**
   * A sentence. Fails if a fault that was retried is nowhere to be seen, in its own words.
   *
   * @param id the workflow that was struck
   */
  static String of(Cell cell, Crew crew, String id, Operation.Ending ending, Injection injection) {
    JsonNode page = new Commands.Result(0, ending.page()).json();
    List<String> notices = new ArrayList<>();
    page.path("notices").forEach(notice -> notices.add(notice.asText()));
    WatchUnderFaults.notices(page).forEach(notices::add);
    List<String> parts = new ArrayList<>(seen(cell, crew, id, injection));
    // What a watch starts has a history of its own.
    String rollback = page.path("rollback").asText("");
    if (!rollback.isEmpty()) {
      crew.temporal().retries(rollback, injection.began()).stream()
          .filter(line -> isOf(cell.fault(), line))
          .forEach(parts::add);
    }
    parts.addAll(WatchUnderFaults.doubted(cell, page));
    switch (cell.fault()) {
      case ERRORS, BUSY, LOST_ANSWER, LATE_DUPLICATE, HANGS -> {
        if (parts.isEmpty() && ending.people().isEmpty()) {
          assertThat(cell.point().name()).as("nothing tells of the fault").isIn(REPEATING);
          parts.add(withinTheAttempt(cell.fault(), injection.repeated()));
        }
      }
      case TOKEN_EXPIRES ->
          assertThat(Stream.concat(parts.stream(), ending.people().stream()))
              .as("the refused login is told")
              .anyMatch(text -> isOf(cell.fault(), text));
      case CANCELLED -> parts.addAll(ofCancel(page.path("says").asText(), notices));
      case LANE_TERMINATED ->
          parts.add(
              crew.temporal().isTerminated("lane/prod/" + crew.model())
                  ? "the holder finished without its lane"
                  : "a new lane began and let the holder finish");
      case TROUBLE -> {
        // Where nobody had to do anything, what was told says what it was.
        if (ending.people().isEmpty()) {
          notices.stream().filter(CutoverInTrouble::isTold).forEach(parts::add);
          assertThat(parts).as("the trouble is told").isNotEmpty();
        }
      }
      case HOLDER_TERMINATED, KILLED_BEFORE, KILLED_AFTER -> {}
    }
    if (cell.fault() == Fault.LATE_DUPLICATE) {
      parts.add("the late call was answered " + injection.late());
      parts.addAll(notices);
      // Jobs and their runs are started under a key; MLflow makes whatever it is asked for.
      if (injection.late() == 200 && cell.point().call().path().contains("/mlflow/")) {
        parts.add(ofTheDuplicate(cell.point().name(), String.join("\n", notices)));
      }
    }
    parts.removeIf(String::isEmpty);
    String text = told(String.join("; ", parts.stream().distinct().toList()), crew.model());
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    return and(shown, ending.people().stream().map(done -> told(done, crew.model())).toList());
  }

  /** What became of what a late call made; "" where notices tell it. */
  private static String ofTheDuplicate(String point, String notices) {
    if (notices.contains("twice")) {
      return "";
    }
    if (LOGGED.contains(point)) {
      // Decision 0041; the judge counts what readers see.
      return "it counts once, and whoever writes the next entry removes the duplicate";
    }
    // Whatever arrives before the champion moves is removed there; the judge counts versions.
    assertThat(point).as("the duplicate is told").isEqualTo("prod/register");
    return "the duplicate was removed before the champion moved";
  }

  /**
   * What a copy did about a fault without giving up its attempt: it looks before it calls again, so
   * that what a call without an answer has made is found and needs no other call.
   */
  static String withinTheAttempt(Fault fault, int repeated) {
    if (fault == Fault.LOST_ANSWER && repeated == 0) {
      return "found within the same attempt what the call had made";
    }
    assertThat(repeated).as("calls after the fault").isPositive();
    return "repeated within the same attempt";
  }

  /**
   * What was said of a cancel. That it came too late is first, where it is not cut off: what a
   * watch says of broken limits may be long.
   */
  static List<String> ofCancel(String says, List<String> notices) {
    List<String> parts =
        new ArrayList<>(notices.stream().filter(notice -> notice.contains("too late")).toList());
    parts.add(says);
    notices.stream().filter(notice -> !parts.contains(notice)).forEach(parts::add);
    return parts;
  }

  /** With what people did, which is never cut off. */
  static String and(String reaction, List<String> people) {
    String did = String.join("; ", people);
    return reaction.isEmpty() || did.isEmpty() ? reaction + did : reaction + "; " + did;
  }

  /** Attempts that failed with the fault, its lane's included, which numbers its turn. */
  private static List<String> seen(Cell cell, Crew crew, String id, Injection injection) {
    List<String> retries = new ArrayList<>(crew.temporal().retries(id, injection.began()));
    if (cell.point().turn()) {
      retries.addAll(crew.temporal().retries("lane/prod/" + crew.model(), injection.began()));
    }
    return retries.stream().filter(line -> isOf(cell.fault(), line)).toList();
  }

  /** Whether an attempt failed with that fault, by what came back. */
  static boolean isOf(Fault fault, String cameBack) {
    return words(fault).stream().anyMatch(cameBack::contains);
  }
}
