package dev.portage.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.history.ReleaseAt;
import dev.portage.history.ReleaseAtQuery;
import dev.portage.live.LiveState;
import dev.portage.quarantine.Quarantined;
import dev.portage.registry.Tags;
import dev.portage.release.Release;
import dev.portage.rollback.WayBack;
import dev.portage.rollback.WayBackQuery;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One release is found in a log of any length, and no more is read than it takes. */
class LongLogTest extends LogWorld {

  private static final int MANY = 3_000;

  @Test
  void theOldestOfThousandsOfReleasesCanBeGoneBackTo() {
    many();

    WayBack back = wayBack(String.valueOf(MANY), "1");

    assertThat(version(back.target())).isEqualTo("1");
    assertThat(Objects.requireNonNull(back.target()).states()).hasSize(1);
    assertThat(version(back.live())).isEqualTo(String.valueOf(MANY));
    assertThat(back.released()).startsWith("versions 3000, 2999").contains("older ones");
    // By its version, whatever the length of the log.
    assertThat(searches()).isLessThan(10);
  }

  @Test
  void entriesThatEarlierReleasesWroteNameNoVersionAndAreFoundByWhatTheirRunIsCalled() {
    many();
    prod.runs().forEach(LongLogTest::asWrittenBefore);

    assertThat(version(wayBack(String.valueOf(MANY), "1").target())).isEqualTo("1");
    assertThat(searches()).isLessThan(15);
  }

  @Test
  void anEarlierReleasesEntryIsFoundThoughItsVersionWasMadeLiveAgainSince() {
    many();
    prod.runs().forEach(LongLogTest::asWrittenBefore);
    put(entry(HistoryKind.ROLLBACK, "rollback/prod/churn/1", "2", AT.plusSeconds(3).plusMillis(1)));

    WayBack back = wayBack(String.valueOf(MANY), "2");

    assertThat(Objects.requireNonNull(back.target()).release().promotion())
        .isEqualTo("promotion/churn/2");
    assertThat(searches()).isLessThan(15);
  }

  /** Both number their versions from 1, so a number says nothing about which one is meant. */
  @Test
  void whatAnotherRegisteredModelOfTheSameNameReleasedIsNothingToGoBackTo() {
    put(other("promotion/churn/b", "2", AT));
    put(entry(HistoryKind.RELEASE, "promotion/churn/c", "1", AT.plusSeconds(1)));

    WayBack named = wayBack("1", "2");
    WayBack before = wayBack("1", null);

    assertThat(named.target()).isNull();
    assertThat(before.target()).isNull();
    assertThat(before.released()).isEqualTo("version 1");
    assertThat(version(before.live())).isEqualTo("1");
  }

  @Test
  void beforeItsFirstReleaseARegisteredModelHasNoneThoughAnotherOfTheSameNameHas() {
    put(other("promotion/churn/a", "1", AT));

    WayBack back = wayBack(null, "1");

    assertThat(back.target()).isNull();
    assertThat(back.released()).isNull();
  }

  @Test
  void inALongLogTheSameHolds() {
    put(other("promotion/churn/renamed", "9000", AT));
    many();

    assertThat(wayBack("3000", "9000").target()).isNull();
    prod.runs().forEach(LongLogTest::asWrittenBefore);
    assertThat(wayBack("3000", "9000").target()).isNull();
  }

  /** Its record is an artifact with the model, from before the log. */
  @Test
  void aReleaseFromBeforeTheLogIsReadThoughAnotherRegisteredModelReleasedThatNumber() {
    put(other("promotion/churn/b", "2", AT));
    recordedBefore("2");
    put(entry(HistoryKind.RELEASE, "promotion/churn/3", "3", AT.plusSeconds(1)));

    WayBack.Recorded target = Objects.requireNonNull(wayBack("3", null).target());

    assertThat(target.release().promotion()).isEqualTo("promotion/churn/2");
  }

  /** An id that is used again would be an entry that is there already. */
  @Test
  void rollbacksOfEachRegisteredModelHaveNumbersOfTheirOwnSinceTheirIdsNameIt() {
    put(
        HistoryEvent.of("back", HistoryKind.ROLLBACK, "prod", "Churn_Model", AT, "ana")
            .name("churn")
            .workflow("rollback/prod/Churn_Model/4")
            .release(release("rollback/prod/Churn_Model/4", "1", AT))
            .build());
    put(entry(HistoryKind.RELEASE, "promotion/churn/1", "1", AT.plusSeconds(1)));
    assertThat(wayBack("1", null).lastRollback()).isZero();

    put(entry(HistoryKind.ROLLBACK, "rollback/prod/churn/2", "1", AT.plusSeconds(2)));
    assertThat(wayBack("1", null).lastRollback()).isEqualTo(2);
  }

  @Test
  void whatWasLiveOfAnotherRegisteredModelOfTheNameIsNoAnswerButIsSaid() {
    put(other("promotion/churn/b", "2", AT));
    put(entry(HistoryKind.RELEASE, "promotion/churn/c", "1", AT.plusSeconds(10)));

    ReleaseAt found = at(AT.plusSeconds(5));

    assertThat(found.last()).isNull();
    assertThat(Objects.requireNonNull(found.first()).workflow()).isEqualTo("promotion/churn/c");
    assertThat(found.notes()).singleElement().asString().contains("of Churn_Model", "version 2");
  }

  @Test
  void whatTheLastReleaseDoesNotMentionStayedAsAnEarlierOneLeftIt() {
    put(served("promotion/churn/1", "1", AT));
    put(entry(HistoryKind.RELEASE, "promotion/churn/2", "2", AT.plusSeconds(1)));

    assertThat(Objects.requireNonNull(at(AT.plusSeconds(5)).stayed()))
        .singleElement()
        .satisfies(state -> {
          assertThat(state.thing()).isEqualTo("serve");
          assertThat(state.text()).startsWith("endpoint churn, as it was left at " + AT);
        });
    assertThat(Objects.requireNonNull(at(AT).stayed())).isEmpty();
  }

  private static HistoryEvent served(String promotion, String version, Instant at) {
    return HistoryEvent.of("served", HistoryKind.RELEASE, "prod", "churn", at, "ana")
        .name("churn")
        .workflow(promotion)
        .release(
            release(promotion, version, at).toBuilder()
                .states(
                    List.of(
                        new LiveState("serve", true, version, "endpoint churn", Map.of(), null)),
                    null)
                .build())
        .build();
  }

  @Test
  void itIsSaidThatTheReleaseToGoBackToIsInQuarantine() {
    put(entry(HistoryKind.RELEASE, "promotion/churn/1", "1", AT));
    put(entry(HistoryKind.RELEASE, "promotion/churn/2", "2", AT.plusSeconds(1)));
    Quarantined refused =
        Quarantined.of(
                "prod",
                "churn",
                "d".repeat(64),
                Quarantined.Why.ROLLED_BACK,
                "rollback/prod/churn/1",
                "ana@example.com",
                AT.plusSeconds(2))
            .version("1")
            .build();
    new WorkspaceQuarantine(servers).quarantine(refused);

    WayBack back = wayBack("2", "1");

    assertThat(Objects.requireNonNull(back.target()).quarantined()).isEqualTo(refused);
    assertThat(back.unread()).isNull();

    prod.runs().getLast().path("data").path("tags").forEach(LongLogTest::unreadable);
    WayBack blind = wayBack("2", "1");
    assertThat(Objects.requireNonNull(blind.target()).quarantined()).isNull();
    assertThat(blind.unread()).contains("no longer a valid record");
  }

  @Test
  void aRollbackThatLeftTheNamedVersionIsKnownThoughItIsOld() {
    put(
        HistoryEvent.of("left", HistoryKind.ROLLBACK, "prod", "churn", AT.plusMillis(2500), "kim")
            .name("churn")
            .reason("it doubles")
            .workflow("rollback/prod/churn/1")
            .release(
                release("rollback/prod/churn/1", "1", AT.plusMillis(2500)).toBuilder()
                    .previousVersion("2")
                    .build())
            .build());
    many();

    WayBack back = wayBack(String.valueOf(MANY), "2");

    assertThat(version(back.target())).isEqualTo("2");
    assertThat(Objects.requireNonNull(back.leftBy()).reason()).isEqualTo("it doubles");
    assertThat(back.lastRollback()).isEqualTo(1);
    assertThat(searches()).isLessThan(12);
  }

  @Test
  void theReleaseBeforeIsFoundWithoutReadingAllOfThem() {
    many();

    WayBack back = wayBack(String.valueOf(MANY), null);

    assertThat(version(back.target())).isEqualTo(String.valueOf(MANY - 1));
    assertThat(searches()).isLessThan(6);
  }

  @Test
  void thatAVersionWasNeverReleasedIsKnownWithoutReadingAllOfThem() {
    many();

    WayBack back = wayBack(String.valueOf(MANY), "9999");

    assertThat(back.target()).isNull();
    assertThat(back.released()).startsWith("versions 3000, 2999").endsWith(" and older ones");
    assertThat(searches()).isLessThan(15);
  }

  @Test
  void thatAVersionWasNeverReleasedIsKnownOfEntriesThatNameNoVersions() {
    many();
    prod.runs().forEach(LongLogTest::asWrittenBefore);

    assertThat(wayBack(String.valueOf(MANY), "9999").target()).isNull();
    assertThat(searches()).isLessThan(20);
  }

  /** Somebody moved the champion by hand to a version that no promotion released. */
  @Test
  void theReleaseBeforeOneThatWasNeverReleasedIsTheNewest() {
    many();

    WayBack back = wayBack("9999", null);

    assertThat(version(back.target())).isEqualTo(String.valueOf(MANY));
    assertThat(back.live()).isNull();
    assertThat(searches()).isLessThan(15);
  }

  @Test
  void aModelWithoutReleasesIsSaidToBeUnknownWhereItIs() {
    assertThat(wayBack(null, null).registered()).isFalse();
    servers.of("prod").registeredModels().ensure("churn");
    assertThat(wayBack(null, null).registered()).isNull();
  }

  @Test
  void whereNothingIsLiveThereIsNoReleaseBefore() {
    many();

    WayBack back = wayBack(null, null);

    assertThat(back.target()).isNull();
    assertThat(searches()).isLessThan(6);
  }

  @Test
  void anEntryThatCannotBeReadIsSoughtAmongAllOfThem() {
    many();
    prod.runs().stream()
        .filter(run -> run.toString().contains("promotion/churn/2\\\""))
        .forEach(LongLogTest::damage);

    WayBack back = wayBack(String.valueOf(MANY), "2");

    assertThat(back.target()).isNull();
    assertThat(back.notes()).singleElement().asString().contains("can't be read");
  }

  @Test
  void aReleaseFromBeforeALongLogIsFound() {
    recordedBefore("5000");
    many();

    assertThat(version(wayBack(String.valueOf(MANY), "5000").target())).isEqualTo("5000");
    assertThat(searches()).isLessThan(15);
  }

  @Test
  void theLastRollbackIsNumberedThoughItIsOlderThanWhatIsRead() {
    put(entry(HistoryKind.ROLLBACK, "rollback/prod/churn/41", "1", AT.minusSeconds(9)));
    put(entry(HistoryKind.ROLLBACK, "rollback/prod/other/77", "1", AT.minusSeconds(8)));
    many();

    assertThat(wayBack(String.valueOf(MANY), null).lastRollback()).isEqualTo(41);
  }

  @Test
  void theLastRollbackIsNumberedThoughAnOlderOneIsFoundByItsVersion() {
    put(entry(HistoryKind.ROLLBACK, "rollback/prod/churn/3", "2", AT.plusMillis(3500)));
    put(entry(HistoryKind.ROLLBACK, "rollback/prod/churn/7", "10", AT.plusMillis(20_500)));
    many();

    WayBack back = wayBack(String.valueOf(MANY), "2");

    assertThat(version(back.target())).isEqualTo("2");
    assertThat(back.lastRollback()).isEqualTo(7);
  }

  @Test
  void ofManyEntriesThatCannotBeReadAFewAreNamedAndTheRestIsCounted() {
    for (int i = 1; i <= 20; i++) {
      put(entry(HistoryKind.RELEASE, "promotion/churn/" + i, String.valueOf(i), AT.plusSeconds(i)));
    }
    prod.runs().forEach(LongLogTest::damage);

    WayBack back = wayBack(null, "1");

    assertThat(back.notes()).hasSize(6).last().asString().startsWith("15 more entries");
  }

  @Test
  void ofManyReleasesFromBeforeTheLogTheNamedOneIsRead() {
    for (int version = 1; version <= 60; version++) {
      recordedBefore(String.valueOf(version));
    }
    put(entry(HistoryKind.RELEASE, "promotion/churn/61", "61", AT));

    assertThat(version(wayBack("61", "2").target())).isEqualTo("2");
    assertThat(version(wayBack("61", null).target())).isEqualTo("60");
  }

  @Test
  void anEntryThatCannotBeReadIsToldToWhoeverLooksForOne() {
    put(entry(HistoryKind.RELEASE, "promotion/churn/1", "1", AT));
    damage(prod.runs().getFirst());

    WayBack back = wayBack(null, "1");

    assertThat(back.target()).isNull();
    assertThat(back.notes()).singleElement().asString().contains("can't be read");
  }

  @Test
  void whatWasLiveIsFoundHoweverLongAgo() {
    many();

    ReleaseAt found = at(AT.plusSeconds(2));

    assertThat(Objects.requireNonNull(found.last()).workflow()).isEqualTo("promotion/churn/2");
    assertThat(found.first()).isNull();
    assertThat(searches()).isLessThan(MANY / 1_000 + 5);
  }

  @Test
  void beforeTheFirstReleaseOnlyThatIsKnown() {
    many();

    ReleaseAt found = at(AT);

    assertThat(found.last()).isNull();
    assertThat(Objects.requireNonNull(found.first()).workflow()).isEqualTo("promotion/churn/1");
  }

  /** Without the tags that name versions. */
  private static void asWrittenBefore(JsonNode run) {
    for (var tags = run.path("data").path("tags").iterator(); tags.hasNext(); ) {
      String key = tags.next().path("key").asText();
      if (key.equals(EventTags.VERSION) || key.equals(EventTags.LEFT)) {
        tags.remove();
      }
    }
  }

  /** Changes the record that a tag holds, if it holds one. */
  private static void unreadable(JsonNode tag) {
    if (tag.path("key").asText().equals(WorkspaceRecords.VALUE)) {
      ((ObjectNode) tag).put("value", "{");
    }
  }

  private static void damage(JsonNode run) {
    run.path("data")
        .path("tags")
        .forEach(tag -> {
          if (tag.path("key").asText().startsWith(EventTags.PART)) {
            ((ObjectNode) tag).put("value", "{");
          }
        });
  }

  private ReleaseAt at(Instant time) {
    return log.releaseAt(new ReleaseAtQuery("prod", "churn", "churn", time));
  }

  private WayBack wayBack(@Nullable String live, @Nullable String to) {
    return log.wayBack(new WayBackQuery("prod", "churn", live, to));
  }

  private long searches() {
    return prod.asked("POST runs/search");
  }

  private static @Nullable String version(WayBack.@Nullable Recorded recorded) {
    return recorded == null ? null : recorded.release().version();
  }

  /** So many releases, a second apart. */
  private void many() {
    for (int i = 1; i <= MANY; i++) {
      put(entry(HistoryKind.RELEASE, "promotion/churn/" + i, String.valueOf(i), AT.plusSeconds(i)));
    }
  }

  private void put(HistoryEvent event) {
    prod.addRun(EventRuns.EXPERIMENT, name(event), EventTags.write(event, event.at()))
        .withObject("info")
        .put("start_time", event.at().toEpochMilli());
  }

  private static String name(HistoryEvent event) {
    Release release = Objects.requireNonNull(event.release());
    return EventRuns.name(event.kind(), event.model(), release.version());
  }

  private static HistoryEvent entry(HistoryKind kind, String workflow, String version, Instant at) {
    return HistoryEvent.of(
            HistoryEvent.idOf(kind, "prod", workflow), kind, "prod", "churn", at, "ana@example.com")
        .name("churn")
        .workflow(workflow)
        .release(release(workflow, version, at))
        .build();
  }

  /** Of another registered model that had the same name in promotion.yaml. */
  private static HistoryEvent other(String workflow, String version, Instant at) {
    return HistoryEvent.of(
            HistoryEvent.idOf(HistoryKind.RELEASE, "prod", workflow),
            HistoryKind.RELEASE,
            "prod",
            "Churn_Model",
            at,
            "ana@example.com")
        .name("churn")
        .workflow(workflow)
        .release(release(workflow, version, at))
        .build();
  }

  private static Release release(String workflow, String version, Instant at) {
    return Release.of(workflow, "prod", "churn", version, "d".repeat(64), at)
        .states(
            List.of(new LiveState("champion", true, version, "version " + version, Map.of(), null)),
            List.of())
        .build();
  }

  private void recordedBefore(String version) {
    Instant at = AT.minusSeconds(100 - Long.parseLong(version));
    recordedBefore(release("promotion/churn/" + version, version, at), Tags.SUPERSEDED);
  }
}
