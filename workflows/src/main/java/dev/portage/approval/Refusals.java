package dev.portage.approval;

import dev.portage.approval.Decision.Verdict;
import dev.portage.text.Bounded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Messages that did not count: the newest in full, and how many there were. */
final class Refusals {

  private static final int KEPT = 20;

  private final List<Refusal> newest = new ArrayList<>();
  private int number;

  /** None yet. */
  Refusals() {}

  /** As another run of the workflow left them. */
  Refusals(List<Refusal> newest, int number) {
    this.newest.addAll(newest);
    this.number = number;
  }

  /** The newest, newest last. */
  List<Refusal> newest() {
    return List.copyOf(newest);
  }

  /** How many there were, listed or not. */
  int number() {
    return number;
  }

  /** Lists a decision that did not count, and answers it. */
  Receipt add(Verdict verdict, DecisionMessage message, String id, String reason, Instant now) {
    add(verdict.name().toLowerCase(Locale.ROOT) + " " + describe(message), reason, now);
    String kept = newest.getLast().reason();
    return new Receipt(Bounded.line(id, Bounded.ID), "refused: " + kept, kept);
  }

  /** Lists a message that did not count. */
  void add(String message, String reason, Instant now) {
    number++;
    newest.add(new Refusal(message, reason, now));
    if (newest.size() > KEPT) {
      newest.removeFirst();
    }
  }

  private static String describe(DecisionMessage message) {
    return Stream.of(named("request", message.request()), named("by", message.by()))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private static String named(String name, @Nullable String value) {
    return value == null ? "" : name + "=" + value;
  }
}
