package dev.portage.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.approval.Decision;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.history.HistoryPage;
import dev.portage.history.HistoryQuery;
import dev.portage.live.LiveState;
import dev.portage.live.SettingsRef;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.MlflowRegistry;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.Tags;
import dev.portage.release.Release;
import dev.portage.release.ReleaseOrder;
import dev.portage.store.tracking.ArtifactStores;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;

/** The log of a workspace on its tracking server. */
class EventLogTest extends LogWorld {

  /** Longer than a tag may be, and with letters that need more than one byte. */
  @Test
  void anEntryIsReadAsItWasWritten() {
    Decision approval =
        Decision.of("id-1", "prod-1", Decision.Verdict.APPROVE, "ana@example.com", AT)
            .comment("geprüft 😀 ".repeat(150))
            .build();
    Release release =
        Release.of("promotion/churn/3", "prod", "churn", "3", "d".repeat(64), AT)
            .decisions(List.of(approval, approval, approval))
            .states(
                List.of(
                    new LiveState(
                        "batch",
                        true,
                        "3",
                        "job 11 with version 3",
                        Map.of("job", "11"),
                        new SettingsRef("runs:/r1/job.json", "e".repeat(64)))),
                List.of(LiveState.none("batch", "no job")))
            .build();
    HistoryEvent event = released("3", AT).toBuilder().release(release).build();

    assertThat(log.appendEvent(event)).isEqualTo(event);

    assertThat(newest(5).events()).containsExactly(event);
    ObjectNode run = prod.runs().getFirst();
    assertThat(run.path("data").path("tags"))
        .allSatisfy(tag ->
            assertThat(tag.path("value").asText().getBytes(StandardCharsets.UTF_8).length)
                .isLessThan(5_000));
    assertThat(run.path("info").path("status").asText()).isEqualTo("FINISHED");
  }

  @Test
  void theSameEntryTwiceIsOneAndTheFirstCounts() {
    HistoryEvent first = log.appendEvent(released("3", AT));
    HistoryEvent again = log.appendEvent(released("3", AT.plusSeconds(60)));

    assertThat(again).isEqualTo(first);
    assertThat(newest(5).events()).containsExactly(first);
    assertThat(prod.asked("POST runs/create")).isEqualTo(1);
  }

  @Test
  void anEntryWhoseResponseWasLostIsOneAfterTheNextAttempt() {
    prod.before =
        request -> {
          if (!request.getUrl().encodedPath().endsWith("runs/create")) {
            return null;
          }
          prod.before = _ -> null;
          prod.effect(request);
          return new MockResponse.Builder().code(503).build();
        };
    HistoryEvent event = released("3", AT);

    assertThat(catchThrowableOfType(ApplicationFailure.class, () -> log.appendEvent(event)))
        .isNotNull();
    assertThat(log.appendEvent(event)).isEqualTo(event);

    assertThat(newest(5).events()).containsExactly(event);
    assertThat(active()).isEqualTo(1);
  }

  /** The server works on the first call long after its caller has gone, and lists nothing yet. */
  @Test
  void aLateDuplicateIsReadOnceAndRemovedByTheNextEntry() {
    HistoryEvent event = released("3", AT);
    prod.searchIsBehind(true);
    log.appendEvent(event);
    log.appendEvent(event);
    prod.searchIsBehind(false);
    assertThat(active()).isEqualTo(2);

    assertThat(newest(5).events()).containsExactly(event);

    HistoryEvent next = log.appendEvent(released("4", AT.plusSeconds(1)));

    assertThat(newest(5).events()).containsExactly(next, event);
    assertThat(active()).isEqualTo(2);
  }

  @Test
  void twoWritersLoseNothing() {
    HistoryEvent one = released("3", AT);
    HistoryEvent other = released("4", AT);
    // Between the first writer's look and its creation, the other writes.
    prod.before =
        request -> {
          if (request.getUrl().encodedPath().endsWith("runs/create")) {
            prod.before = _ -> null;
            log.appendEvent(other);
          }
          return null;
        };
    log.appendEvent(one);

    assertThat(newest(5).events()).containsExactlyInAnyOrder(one, other);
  }

  @Test
  void onlyTheNewestAreReadAndItIsSaidThatThereAreMore() {
    for (int i = 1; i <= 5; i++) {
      log.appendEvent(released(String.valueOf(i), AT.plusSeconds(i)));
    }
    prod.page = 2;

    HistoryPage page = newest(3);

    assertThat(versions(page)).containsExactly("5", "4", "3");
    assertThat(page.more()).isTrue();
    assertThat(versions(newest(5))).hasSize(5);
    assertThat(newest(5).more()).isFalse();
    assertThat(
            versions(
                log.readHistory(new HistoryQuery("prod", "churn", null, 2, AT.plusSeconds(3)))))
        .containsExactly("3", "2");
  }

  @Test
  void anotherModelsEntriesAreNotItsOwnAndItsNameFindsItUnderAnyRegisteredName() {
    log.appendEvent(released("3", AT));
    HistoryEvent renamed =
        HistoryEvent.of("x", HistoryKind.RELEASE, "prod", "Churn_Model", AT, "ana@example.com")
            .name("churn")
            .build();
    HistoryEvent elsewhere =
        HistoryEvent.of("y", HistoryKind.RELEASE, "lab", "lab_churn", AT, "ana@example.com")
            .name("churn")
            .build();
    log.appendEvent(renamed);
    new EventRuns(prod.client(), InstantSource.system()).append(elsewhere);

    assertThat(newest(5).events()).extracting(HistoryEvent::model).containsExactly("churn");
    assertThat(log.readHistory(new HistoryQuery("prod", "churn", "churn", 5, null)).events())
        .extracting(HistoryEvent::model)
        .containsExactlyInAnyOrder("churn", "Churn_Model");
  }

  @Test
  void anEntryThatSomeoneChangedIsSaid() {
    log.appendEvent(released("3", AT));
    prod.runs()
        .getFirst()
        .path("data")
        .path("tags")
        .forEach(tag -> {
          if (tag.path("key").asText().startsWith(EventTags.PART)) {
            ((ObjectNode) tag).put("value", "{\"id\":");
          }
        });

    HistoryPage page = newest(5);

    assertThat(page.events()).isEmpty();
    assertThat(page.notes())
        .singleElement()
        .asString()
        .contains("release/prod/promotion/churn/3", "can't be read", EventRuns.EXPERIMENT);
  }

  /** As it is in every workspace that an earlier release of Portage has promoted to. */
  @Test
  void releasesFromBeforeTheLogAreRead() {
    recordedBefore(release("1", AT.minusSeconds(20)), Tags.SUPERSEDED);
    recordedBefore(release("2", AT.minusSeconds(10)), Tags.LIVE);
    log.appendEvent(released("3", AT));

    HistoryPage page = newest(5);

    assertThat(versions(page)).containsExactly("3", "2", "1");
    assertThat(page.events().getLast().by()).isNull();
    assertThat(page.events().getLast().workflow()).isEqualTo("promotion/churn/1");
    assertThat(newest(1).more()).isTrue();
    assertThat(
            versions(
                log.readHistory(new HistoryQuery("prod", "churn", null, 5, AT.minusSeconds(15)))))
        .containsExactly("1");
  }

  @Test
  void aReleaseThatIsInTheLogIsNotReadTwice() {
    ObjectNode run = recordedBefore(release("3", AT), Tags.LIVE);
    new MlflowReleases(servers, new MlflowRegistry(servers), ArtifactStores.standard())
        .record(
            new ReleaseOrder(
                release("3", AT), FakeMlflow.idOf(run), released("3", AT).toBuilder().build()));

    assertThat(versions(newest(5))).containsExactly("3");
  }

  @Test
  void whatIsLiveIsTheNewestRecordOfTheChampion() {
    MlflowReleases releases =
        new MlflowReleases(servers, new MlflowRegistry(servers), ArtifactStores.standard());
    recordedBefore(release("1", AT.minusSeconds(20)), Tags.SUPERSEDED);
    ModelQuery query = new ModelQuery("prod", "churn", Marking.STAGES);
    assertThat(releases.liveRelease(query)).isEmpty();

    stage("1", "Production");
    assertThat(releases.liveRelease(query).orElseThrow().at()).isEqualTo(AT.minusSeconds(20));

    HistoryEvent back =
        HistoryEvent.of(
                "rollback/prod/churn/1",
                HistoryKind.ROLLBACK,
                "prod",
                "churn",
                AT,
                "ana@example.com")
            .release(release("1", AT))
            .build();
    log.appendEvent(released("2", AT.minusSeconds(5)));
    log.appendEvent(back);
    assertThat(releases.liveRelease(query).orElseThrow().at()).isEqualTo(AT);
  }

  private HistoryPage newest(int limit) {
    return log.readHistory(HistoryQuery.newest("prod", "churn", limit));
  }

  private static List<String> versions(HistoryPage page) {
    return page.events().stream()
        .map(event -> event.release() == null ? "none" : event.release().version())
        .toList();
  }

  private long active() {
    return prod.runs().stream()
        .filter(run -> run.path("info").path("lifecycle_stage").asText().equals("active"))
        .count();
  }

  private static Release release(String version, Instant at) {
    return Release.of("promotion/churn/" + version, "prod", "churn", version, "d".repeat(64), at)
        .build();
  }

  private static HistoryEvent released(String version, Instant at) {
    String promotion = "promotion/churn/" + version;
    return HistoryEvent.of(
            HistoryEvent.idOf(HistoryKind.RELEASE, "prod", promotion),
            HistoryKind.RELEASE,
            "prod",
            "churn",
            at,
            "ana@example.com")
        .workflow(promotion)
        .release(release(version, at))
        .build();
  }

  private void stage(String version, String stage) {
    prod.versions().stream()
        .filter(one -> one.path("version").asText().equals(version))
        .forEach(one -> one.put("current_stage", stage));
  }
}
