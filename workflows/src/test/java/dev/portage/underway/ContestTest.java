package dev.portage.underway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.settings.Concurrency;
import dev.portage.temporal.Payloads;
import dev.portage.underway.Admitted.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which of several promotions goes on. */
class ContestTest {

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private final Contest contest = new Contest(UnderwayState.empty());

  @Test
  void ofFiftyVersionsInAnyOrderTheNewestStays() {
    List<Long> order = new ArrayList<>(LongStream.rangeClosed(1, 50).boxed().toList());
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(order, new Random(seed));
      Contest fifty = new Contest(UnderwayState.empty());
      Set<String> goOn = new HashSet<>();
      for (Long number : order) {
        Contest.Decided decided = fifty.enter(version(number));
        if (decided.answer().outcome() == Outcome.GOES_ON) {
          goOn.add("promotion/m/v" + number);
        }
        decided
            .ended()
            .forEach(older -> {
              goOn.remove(older.promotion());
              fifty.leave(new Left(older.promotion(), false), NOW);
            });
      }
      assertThat(goOn).as("seed " + seed).containsExactly("promotion/m/v50");
    }
  }

  @Test
  void ofFiftyCommitsInAnyOrderTheNewestStays() {
    List<Integer> order = new ArrayList<>(IntStream.rangeClosed(1, 50).boxed().toList());
    Collections.shuffle(order, new Random(7));
    Set<String> goOn = new HashSet<>();
    for (Integer number : order) {
      Contest.Decided decided = contest.enter(commit(number, Concurrency.SUPERSEDE));
      if (decided.answer().outcome() == Outcome.GOES_ON) {
        goOn.add("promotion/m/" + number);
      }
      decided.ended().forEach(older -> goOn.remove(older.promotion()));
    }
    assertThat(goOn).containsExactly("promotion/m/50");
  }

  @Test
  void commitsThatCannotBeComparedAllGoOnAndAreNamed() {
    contest.enter(contender("1", "a".repeat(40), null, null, Concurrency.SUPERSEDE));
    Contest.Decided decided =
        contest.enter(contender("2", "b".repeat(40), null, null, Concurrency.SUPERSEDE));
    assertThat(decided.answer().outcome()).isEqualTo(Outcome.GOES_ON);
    assertThat(decided.answer().unknown())
        .containsExactly("promotion/m/1 with commit aaaaaaaaaaaa");
    assertThat(decided.ended()).isEmpty();
  }

  @Test
  void aVersionAndACommitCannotBeCompared() {
    contest.enter(version(7));
    assertThat(contest.enter(commit(3, Concurrency.SUPERSEDE)).answer().unknown()).hasSize(1);
  }

  @Test
  void aVersionAndACommitThatIsRegisteredAreComparedByTheirVersions() {
    contest.enter(version(7));
    Contest.Decided newer =
        contest.enter(contender("3", id(3), ancestors(3), 8L, Concurrency.SUPERSEDE));
    assertThat(newer.ended()).extracting(Contender::promotion).containsExactly("promotion/m/v7");
    contest.leave(new Left("promotion/m/v7", false), NOW);
    Admitted older = contest.enter(version(6)).answer();
    assertThat(older.outcome()).isEqualTo(Outcome.SUPERSEDED);
    assertThat(older.by()).isEqualTo("promotion/m/3");
  }

  @Test
  void twoBranchesAreNotComparedByTheirVersions() {
    contest.enter(contender("1", "a".repeat(40), ancestors(3), 7L, Concurrency.SUPERSEDE));
    Contest.Decided other =
        contest.enter(contender("2", "b".repeat(40), ancestors(3), 8L, Concurrency.SUPERSEDE));
    assertThat(other.answer().unknown()).hasSize(1);
    assertThat(other.ended()).isEmpty();
  }

  @Test
  void versionsWhoseCommitsHaveNoKnownAncestorsAreComparedByTheirNumbers() {
    contest.enter(contender("v9", "a".repeat(40), null, 9L, Concurrency.SUPERSEDE));
    Contest.Decided older =
        contest.enter(contender("v7", "b".repeat(40), null, 7L, Concurrency.SUPERSEDE));
    assertThat(older.answer().outcome()).isEqualTo(Outcome.SUPERSEDED);
    Contest.Decided newer =
        contest.enter(contender("v11", "c".repeat(40), null, 11L, Concurrency.SUPERSEDE));
    assertThat(newer.ended()).extracting(Contender::promotion).containsExactly("promotion/m/v9");
  }

  @Test
  void ofTwoVersionsOfOneCommitTheHigherIsNewer() {
    contest.enter(contender("v9", id(3), null, 9L, Concurrency.SUPERSEDE));
    Contest.Decided older = contest.enter(contender("v7", id(3), null, 7L, Concurrency.SUPERSEDE));
    assertThat(older.answer().outcome()).isEqualTo(Outcome.SUPERSEDED);
    assertThat(older.ended()).isEmpty();
  }

  @Test
  void whatIsKnownOfACandidateIsNotForgottenWhenItComesAgainWithLess() {
    contest.enter(contender("a", null, null, null, Concurrency.QUEUE));
    contest.enter(contender("a", id(3), null, 4L, Concurrency.QUEUE));
    contest.enter(contender("a", null, null, null, Concurrency.QUEUE));
    assertThat(contest.state().contenders())
        .containsExactly(contender("a", id(3), null, 4L, Concurrency.QUEUE));
  }

  @Test
  void whoeverCameBeforeANewerOneWentLiveIsOvertakenAndWhoeverComesAfterIsNot() {
    contest.enter(commit(3, Concurrency.QUEUE));
    contest.enter(commit(5, Concurrency.QUEUE));
    contest.leave(new Left("promotion/m/5", true), NOW.plusSeconds(60));
    Contest carriedOn = new Contest(contest.state());
    Admitted again = carriedOn.enter(commit(3, Concurrency.QUEUE)).answer();
    assertThat(again.outcome()).isEqualTo(Outcome.SUPERSEDED);
    assertThat(again.by()).isEqualTo("promotion/m/5");
    assertThat(again.why()).endsWith("is newer and went live meanwhile");

    Contender late = commit(4, Concurrency.QUEUE);
    Contender wanted =
        new Contender(
            late.promotion(),
            late.commit(),
            late.ancestors(),
            late.origin(),
            null,
            false,
            late.policy(),
            NOW.plusSeconds(61));
    assertThat(carriedOn.enter(wanted).answer().outcome()).isEqualTo(Outcome.GOES_ON);
  }

  @Test
  void versionsOfDifferentRegisteredModelsCannotBeCompared() {
    contest.enter(version(7));
    Contender other =
        new Contender(
            "promotion/n/v9", null, null, "dev/other", 9L, false, Concurrency.SUPERSEDE, NOW);
    assertThat(contest.enter(other).answer().unknown())
        .containsExactly("promotion/m/v7 with version 7");
  }

  @Test
  void anOlderOneThatIsWantedGoesOn() {
    contest.enter(version(7));
    Contender older = version(3);
    Contender wanted =
        new Contender(
            older.promotion(), null, null, older.origin(), 3L, true, Concurrency.SUPERSEDE, NOW);
    assertThat(contest.enter(wanted).answer().outcome()).isEqualTo(Outcome.GOES_ON);
    assertThat(contest.leave(new Left("promotion/m/v7", true), NOW)).isEmpty();
  }

  @Test
  void aRepeatOfTheSameCommitTakesThePlaceOfTheEarlierOne() {
    contest.enter(commit(3, Concurrency.SUPERSEDE));
    Contender again = contender("3/2", id(3), ancestors(3), null, Concurrency.SUPERSEDE);
    assertThat(contest.enter(again).ended())
        .extracting(Contender::promotion)
        .containsExactly("promotion/m/3");
  }

  @Test
  void whoComesAgainWithMoreKnownKeepsItsPlace() {
    contest.enter(contender("a", null, null, null, Concurrency.REFUSE));
    Contest.Decided again = contest.enter(contender("a", null, null, 4L, Concurrency.REFUSE));
    assertThat(again.answer().outcome()).isEqualTo(Outcome.GOES_ON);
    assertThat(contest.state().contenders()).hasSize(1);
  }

  @Test
  void inAQueueNobodyEndsAnotherUntilANewerOneIsLive() {
    contest.enter(commit(3, Concurrency.QUEUE));
    assertThat(contest.enter(commit(5, Concurrency.QUEUE)).ended()).isEmpty();
    assertThat(contest.enter(commit(4, Concurrency.QUEUE)).answer().outcome())
        .isEqualTo(Outcome.GOES_ON);
    assertThat(contest.leave(new Left("promotion/m/4", true), NOW))
        .extracting(Contender::promotion)
        .containsExactly("promotion/m/3");
    assertThat(contest.leave(new Left("promotion/m/5", false), NOW)).isEmpty();
  }

  @Test
  void onlyOneIsLetInWhereTheRestIsRefused() {
    contest.enter(commit(3, Concurrency.REFUSE));
    Admitted refused = contest.enter(commit(4, Concurrency.REFUSE)).answer();
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.by()).isEqualTo("promotion/m/3");
    contest.leave(new Left("promotion/m/3", true), NOW);
    assertThat(contest.enter(commit(4, Concurrency.REFUSE)).answer().outcome())
        .isEqualTo(Outcome.GOES_ON);
  }

  @Test
  void onesThatWentOnBeforeAreNoNewcomersThoughNobodyRemembersThem() {
    contest.enter(commit(4, Concurrency.REFUSE));
    Admitted again = contest.enter(commit(3, Concurrency.REFUSE).goneOn(true)).answer();
    assertThat(again.outcome()).isEqualTo(Outcome.GOES_ON);
    assertThat(contest.enter(commit(5, Concurrency.REFUSE)).answer().outcome())
        .isEqualTo(Outcome.REFUSED);
  }

  @Test
  void anEarlierRepeatThatComesAgainEndsNoLaterOneThoughNobodyRemembersIt() {
    contest.enter(version(3));
    Contender earlier =
        new Contender(
                "promotion/m/other", null, null, "dev/m", 3L, false, Concurrency.SUPERSEDE, NOW)
            .goneOn(true);
    assertThat(contest.enter(earlier).ended()).isEmpty();
  }

  @Test
  void thousandsOfThemFitIntoOnePayload() throws Exception {
    for (int i = 0; i < 3_000; i++) {
      contest.enter(
          contender(
              "x" + i,
              "%040x".formatted(i + 1),
              "0".repeat(Ancestors.LONGEST),
              null,
              Concurrency.QUEUE));
    }
    assertThat(Payloads.mapper().writeValueAsBytes(contest.state()).length).isLessThan(1_900_000);
  }

  private static Contender version(long number) {
    return new Contender(
        "promotion/m/v" + number,
        null,
        null,
        "dev/m",
        number,
        false,
        Concurrency.SUPERSEDE,
        NOW.plusSeconds(number));
  }

  private static Contender commit(int number, Concurrency policy) {
    return contender(String.valueOf(number), id(number), ancestors(number), null, policy);
  }

  private static Contender contender(
      String name,
      @Nullable String commit,
      @Nullable String ancestors,
      @Nullable Long version,
      Concurrency policy) {
    return new Contender(
        "promotion/m/" + name, commit, ancestors, "dev/m", version, false, policy, NOW);
  }

  private static String id(int number) {
    return "%08x".formatted(number * 7919) + "0".repeat(32);
  }

  private static @Nullable String ancestors(int number) {
    return Ancestors.of(
        IntStream.iterate(number - 1, i -> i > 0, i -> i - 1).mapToObj(ContestTest::id).toList());
  }
}
