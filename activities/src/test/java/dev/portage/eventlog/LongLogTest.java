package dev.portage.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.history.ReleaseAt;
import dev.portage.history.ReleaseAtQuery;
import dev.portage.live.LiveState;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.registry.Tags;
import dev.portage.release.Release;
import dev.portage.rollback.WayBack;
import dev.portage.rollback.WayBackQuery;
import dev.portage.temporal.Payloads;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One release is found in a log of any length, and no more is read than it takes. */
class LongLogTest extends LogWorld {

  private static final ObjectMapper JSON = Payloads.mapper();
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

  @Test
  void anEarlierReleasesEntryUnderAnotherRegisteredNameIsFound() {
    put(
        HistoryEvent.of("renamed", HistoryKind.RELEASE, "prod", "Churn_Model", AT, "ana")
            .name("churn")
            .release(release("promotion/churn/renamed", "9000", AT))
            .build());
    many();
    prod.runs().forEach(LongLogTest::asWrittenBefore);

    assertThat(Objects.requireNonNull(wayBack("3000", "9000").target()).release().promotion())
        .isEqualTo("promotion/churn/renamed");
    assertThat(searches()).isLessThan(20);
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
  void aReleaseUnderAnotherRegisteredNameCountsWhereItIsNewer() {
    many();
    Instant later = AT.plusSeconds(MANY * 2L);
    put(
        HistoryEvent.of("renamed", HistoryKind.RELEASE, "prod", "Churn_Model", later, "ana")
            .name("churn")
            .release(release("promotion/churn/renamed", "7", later))
            .build());

    WayBack back = wayBack("7", null);

    assertThat(Objects.requireNonNull(back.live()).release().promotion())
        .isEqualTo("promotion/churn/renamed");
    assertThat(version(back.target())).isEqualTo(String.valueOf(MANY));
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
    return log.wayBack(new WayBackQuery("prod", "churn", "churn", live, to));
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

  private static Release release(String workflow, String version, Instant at) {
    return Release.of(workflow, "prod", "churn", version, "d".repeat(64), at)
        .states(
            List.of(new LiveState("champion", true, version, "version " + version, Map.of(), null)),
            List.of())
        .build();
  }

  private void recordedBefore(String version) {
    ObjectNode run = prod.addRun("/churn", "copy", Map.of());
    prod.files()
        .put(
            run.path("info").path("artifact_uri").asText().replace("mlflow-artifacts:/", "")
                + "/portage/release.json",
            JSON.valueToTree(
                    release(
                        "promotion/churn/" + version,
                        version,
                        AT.minusSeconds(100 - Long.parseLong(version))))
                .toString()
                .getBytes(StandardCharsets.UTF_8));
    ObjectNode registered = JSON.createObjectNode();
    registered
        .put("name", "churn")
        .put("version", version)
        .put("status", "READY")
        .put("current_stage", "None")
        .put("run_id", FakeMlflow.idOf(run));
    registered.withArray("tags").addObject().put("key", Tags.RELEASE).put("value", Tags.SUPERSEDED);
    prod.versions().add(registered);
  }
}
