package dev.portage.approval;

import dev.portage.approval.Decision.Verdict;
import dev.portage.identity.PersonName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Decisions that counted, each once by its id, over whichever way it came and however often: a
 * repeat is answered as the first was.
 */
final class CountedDecisions {

  private final List<Decision> all = new ArrayList<>();
  private final Map<String, DeskState.Counted> byId = new HashMap<>();

  /** None yet. */
  CountedDecisions() {}

  /** As another run of the workflow left them. */
  CountedDecisions(List<Decision> all, Map<String, DeskState.Counted> byId) {
    this.all.addAll(all);
    this.byId.putAll(byId);
  }

  /** All of them, oldest first. */
  List<Decision> all() {
    return List.copyOf(all);
  }

  /** Those that are remembered by their ids. */
  Map<String, DeskState.Counted> byId() {
    return Map.copyOf(byId);
  }

  /** Those about a request. */
  List<Decision> on(String request) {
    return all.stream().filter(decision -> decision.request().equals(request)).toList();
  }

  /** Counts one. What answers it is remembered by {@link #answered}. */
  void add(Decision decision) {
    all.add(decision);
  }

  /** Remembers how the last one was answered. */
  void answered(String id, Receipt receipt) {
    byId.put(id, new DeskState.Counted(all.getLast(), receipt));
  }

  /** What was answered to a decision of that id; empty if none counted. */
  Optional<Receipt> receipt(String id) {
    return Optional.ofNullable(byId.get(id)).map(DeskState.Counted::receipt);
  }

  /**
   * Why a message is not the decision of the same id that counted, but a different one; empty if it
   * is, and if none of that id has counted. Otherwise a reply meant for someone else's decision
   * would pass for its own.
   *
   * @param isAbout whether the message is about what that decision was about
   */
  Optional<String> isOtherThan(
      String id, Verdict verdict, DecisionMessage message, Predicate<Decision> isAbout) {
    DeskState.Counted before = byId.get(id);
    if (before == null) {
      return Optional.empty();
    }
    Decision decision = before.decision();
    boolean same =
        decision.verdict() == verdict
            && PersonName.same(decision.by(), message.by())
            && isAbout.test(decision);
    return same
        ? Optional.empty()
        : Optional.of(
            "its id belongs to another decision ("
                + decision.verdict().name().toLowerCase(Locale.ROOT)
                + " "
                + decision.request()
                + " by "
                + decision.by()
                + "); send it with a new id, or without one");
  }
}
