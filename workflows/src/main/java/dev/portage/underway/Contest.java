package dev.portage.underway;

import dev.portage.settings.Concurrency;
import dev.portage.underway.Contender.Age;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which of several promotions goes on. Pure: who still runs is found out by its caller. */
final class Contest {

  /** Characters of all ancestors together, so that the state fits into a payload. */
  private static final int MOST_TEXT = 500_000;

  private static final int MOST_UNKNOWN = 10;

  private final Map<String, Contender> contenders = new LinkedHashMap<>();
  private @Nullable WentLive live;

  Contest(UnderwayState state) {
    state.contenders().forEach(one -> contenders.put(one.promotion(), one));
    live = state.live();
  }

  /**
   * What becomes of a newcomer.
   *
   * @param answer whether it goes on
   * @param ended the promotions that it takes the place of
   */
  record Decided(Admitted answer, List<Contender> ended) {}

  /** The promotions that can keep a newcomer from going on: to be asked whether they still run. */
  List<String> rivals(Contender newcomer) {
    return contenders.values().stream()
        .filter(other -> !other.promotion().equals(newcomer.promotion()))
        .filter(other ->
            newcomer.policy() == Concurrency.REFUSE || newcomer.comparedTo(other) != Age.NEWER)
        .map(Contender::promotion)
        .toList();
  }

  /** Takes a newcomer in, or doesn't. */
  Decided enter(Contender given) {
    Contender newcomer = given.completedBy(contenders.get(given.promotion()));
    WentLive newest = live;
    if (newest != null && isOvertaken(newcomer, newest)) {
      contenders.remove(newcomer.promotion());
      return new Decided(
          Admitted.not(
              Admitted.Outcome.SUPERSEDED,
              newest.contender().promotion(),
              newest.contender().candidate() + " is newer and went live meanwhile"),
          List.of());
    }
    List<Contender> others =
        contenders.values().stream()
            .filter(other -> !other.promotion().equals(newcomer.promotion()))
            .toList();
    // It may have been forgotten meanwhile, and has paid for its training all the same.
    boolean comesAgain =
        contenders.containsKey(newcomer.promotion()) || Boolean.TRUE.equals(newcomer.wentOn());
    if (newcomer.policy() == Concurrency.REFUSE && !comesAgain && !others.isEmpty()) {
      return new Decided(
          Admitted.not(
              Admitted.Outcome.REFUSED,
              others.getFirst().promotion(),
              others.getFirst().candidate() + " is under way, and only one may be"),
          List.of());
    }
    List<Contender> ended = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (Contender other : others) {
      switch (newcomer.comparedTo(other)) {
        case NEWER, SAME -> {
          if (newcomer.policy() == Concurrency.SUPERSEDE
              && !comesAgain(comesAgain, other, newcomer)) {
            ended.add(other);
          }
        }
        case OLDER -> {
          if (newcomer.policy() == Concurrency.SUPERSEDE && !newcomer.allowOlder()) {
            contenders.remove(newcomer.promotion());
            return new Decided(
                Admitted.not(
                    Admitted.Outcome.SUPERSEDED,
                    other.promotion(),
                    other.candidate() + " is newer and under way"),
                List.of());
          }
        }
        case UNKNOWN -> {
          if (unknown.size() < MOST_UNKNOWN) {
            unknown.add(other.promotion() + " with " + other.candidate());
          }
        }
      }
    }
    contenders.put(newcomer.promotion(), newcomer);
    return new Decided(Admitted.goesOn(unknown), ended);
  }

  /** Whoever comes after the newest went live knows of it, and wants the older one. */
  private static boolean isOvertaken(Contender newcomer, WentLive newest) {
    return !newcomer.allowOlder()
        && newcomer.since().isBefore(newest.at())
        && newcomer.comparedTo(newest.contender()) == Age.OLDER;
  }

  /**
   * Of two repeats of one commit, the one that came later counts, whichever says more of itself.
   */
  private static boolean comesAgain(boolean comesAgain, Contender other, Contender newcomer) {
    return comesAgain
        && newcomer.comparedTo(other) == Age.SAME
        && other.since().isAfter(newcomer.since());
  }

  /**
   * Strikes a promotion off.
   *
   * @param now when
   * @return those whose candidates are older than what it made live
   */
  List<Contender> leave(Left left, Instant now) {
    Contender gone = contenders.remove(left.promotion());
    if (gone == null || !left.released()) {
      return List.of();
    }
    WentLive before = live;
    if (before == null || gone.comparedTo(before.contender()) != Age.OLDER) {
      live = new WentLive(gone, now);
    }
    return contenders.values().stream()
        .filter(other -> !other.allowOlder() && other.comparedTo(gone) == Age.OLDER)
        .toList();
  }

  void forget(String promotion) {
    contenders.remove(promotion);
  }

  boolean isEmpty() {
    return contenders.isEmpty();
  }

  List<String> promotions() {
    return List.copyOf(contenders.keySet());
  }

  /** Bounded: of a crowd, the latest keep their ancestors. */
  UnderwayState state() {
    List<Contender> kept = new ArrayList<>();
    int length = 0;
    for (Contender one : List.copyOf(contenders.values()).reversed()) {
      length += one.ancestors() == null ? 0 : one.ancestors().length();
      kept.addFirst(length > MOST_TEXT ? one.withoutAncestors() : one);
    }
    WentLive newest = live;
    return new UnderwayState(
        kept,
        newest == null || length <= MOST_TEXT
            ? newest
            : new WentLive(newest.contender().withoutAncestors(), newest.at()));
  }
}
