package dev.portage.rollback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.live.LiveState;
import dev.portage.release.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReleaseLogTest {

  private static final Instant START = Instant.parse("2026-01-02T08:00:00Z");

  private final List<HistoryEvent> oldestFirst = new ArrayList<>();

  @Test
  void theDefaultIsTheReleaseBeforeTheLiveOne() {
    released("1").released("2").released("3");

    assertThat(before("3")).isEqualTo("2");
  }

  @Test
  void aSecondRollbackGoesFurtherBackAndNeverToWhatTheFirstOneLeft() {
    released("1").released("2").released("3").rolledBack("3", "2");

    assertThat(before("2")).isEqualTo("1");
    rolledBack("2", "1");
    assertThat(before("1")).isNull();
  }

  @Test
  void aReleaseAfterARollbackGoesBackPastWhatWasLeft() {
    released("1").released("2").released("3").rolledBack("3", "2").released("4");

    assertThat(before("4")).isEqualTo("2");
  }

  @Test
  void whatWasLeftAndNamedAgainIsLeftNoMore() {
    released("1").released("2").released("3").rolledBack("3", "2").rolledBack("2", "3");

    assertThat(log().leftBy("3")).isEmpty();
    assertThat(log().leftBy("2")).isPresent();
    assertThat(before("3")).isEqualTo("1");
  }

  @Test
  void aVersionThatNobodyReleasedCountsAsTheNewest() {
    released("1").released("2");

    assertThat(before("7")).isEqualTo("2");
  }

  @Test
  void adoptedVersionsAreReleases() {
    add(HistoryKind.ADOPTION, "adopt/prod/churn", "5", null, null, null);
    released("6");

    assertThat(before("6")).isEqualTo("5");
  }

  @Test
  void thereIsNothingBeforeTheFirst() {
    released("1");

    assertThat(before("1")).isNull();
    assertThat(log().isEmpty()).isFalse();
    assertThat(new ReleaseLog(List.of(), "churn").isEmpty()).isTrue();
  }

  @Test
  void freezesAndQuarantinesAreNoReleases() {
    oldestFirst.add(
        HistoryEvent.of("f", HistoryKind.FREEZE, "prod", null, START, "ana@example.com").build());

    assertThat(log().isEmpty()).isTrue();
  }

  @Test
  void theStatesAreThoseThatTheReleaseRecorded() {
    LiveState own = state("batch", "2", "job 11 as released");
    add(HistoryKind.RELEASE, "promotion/churn/b", "2", "1", List.of(own), null);
    add(
        HistoryKind.RELEASE,
        "promotion/churn/c",
        "3",
        "2",
        List.of(state("batch", "3", "job 11")),
        List.of(state("batch", "2", "job 11 as found, changed by hand")));

    assertThat(log().states("2")).contains(List.of(own));
  }

  @Test
  void anOlderReleaseIsKnownByWhatTheNextOneFound() {
    LiveState found = state("batch", "2", "job 11 as found");
    add(HistoryKind.RELEASE, "promotion/churn/b", "2", "1", null, null);
    add(HistoryKind.RELEASE, "promotion/churn/c", "3", "2", List.of(), List.of(found));

    assertThat(log().states("2")).contains(List.of(found));
    assertThat(log().states("1")).isEmpty();
  }

  @Test
  void versionsOfAnotherRegisteredModelAreNotItsOwn() {
    released("1").released("2").released("3");
    ReleaseLog other = new ReleaseLog(oldestFirst.reversed(), "churn-prod");

    assertThat(other.isEmpty()).isTrue();
    assertThat(other.of("2")).isEmpty();
    assertThat(other.before("3")).isEmpty();
    assertThat(other.states("2")).isEmpty();
    assertThat(other.cutOff("2")).isEmpty();
  }

  @Test
  void whatWasFoundBeforeAReleaseIsNoneOfItsStates() {
    LiveState found = state("batch", "2", "job 11 as found");
    add(
        HistoryKind.RELEASE,
        "promotion/churn/a",
        "1",
        "0",
        null,
        List.of(state("serve", "0", "endpoint churn")));
    add(HistoryKind.RELEASE, "promotion/churn/c", "3", "2", List.of(), List.of(found));

    assertThat(log().states("2")).contains(List.of(found));
  }

  @Test
  void rollbacksAreNumberedByModelAndWorkspace() {
    released("1").released("2").rolledBack("2", "1");

    assertThat(log().lastRollback(new RollbackId("prod", "churn", 1))).isEqualTo(1);
    assertThat(log().lastRollback(new RollbackId("qa", "churn", 1))).isZero();
  }

  @Test
  void messagesListWhatCanBeNamed() {
    released("1").released("2");

    assertThat(log().listed(false)).isEqualTo("versions 2, 1");
    for (int i = 3; i < 20; i++) {
      released(String.valueOf(i));
    }
    assertThat(log().listed(false)).startsWith("versions 19, 18").endsWith(" and 9 older ones");
    assertThat(log().listed(true)).startsWith("versions 19, 18").endsWith(", 10 and older ones");
  }

  @Test
  void aVersionBeforeTheOneThatTheLogSaysIsLiveWasGoneBackToWithoutARecord() {
    released("1").released("2").released("3");

    assertThat(cutOff("2")).isEqualTo("3 by null");
    assertThat(cutOff("3")).as("as the log says").isNull();
    assertThat(cutOff("4")).as("a release that is being recorded").isNull();
  }

  @Test
  void aRecordedRollbackMayHaveBeenCutOffUntilTheNextChange() {
    released("1").released("2").rolledBack("2", "1");

    assertThat(cutOff("1")).isEqualTo("2 by rollback/prod/churn/1");
    assertThat(cutOff("2")).as("moved forward by hand").isNull();
    released("3");
    assertThat(cutOff("3")).isNull();
  }

  private @Nullable String cutOff(String live) {
    return log()
        .cutOff(live)
        .map(cut -> cut.left().version() + " by " + cut.rollback())
        .orElse(null);
  }

  private @Nullable String before(String live) {
    return log().before(live).map(Release::version).orElse(null);
  }

  private ReleaseLog log() {
    return new ReleaseLog(oldestFirst.reversed(), "churn");
  }

  private ReleaseLogTest released(String version) {
    return add(HistoryKind.RELEASE, "promotion/churn/" + version, version, null, null, null);
  }

  private ReleaseLogTest rolledBack(String from, String to) {
    return add(HistoryKind.ROLLBACK, "rollback/prod/churn/1", to, from, null, null);
  }

  private ReleaseLogTest add(
      HistoryKind kind,
      String workflow,
      String version,
      @Nullable String previous,
      @Nullable List<LiveState> live,
      @Nullable List<LiveState> before) {
    Instant at = START.plus(Duration.ofHours(oldestFirst.size()));
    oldestFirst.add(
        HistoryEvent.of(
                kind.word() + oldestFirst.size(), kind, "prod", "churn", at, "ana@example.com")
            .workflow(workflow)
            .release(
                Release.of(workflow, "prod", "churn", version, "d".repeat(64), at)
                    .previousVersion(previous)
                    .states(live, before)
                    .build())
            .build());
    return this;
  }

  private static LiveState state(String thing, String version, String text) {
    return new LiveState(thing, true, version, text, Map.of(), null);
  }
}
