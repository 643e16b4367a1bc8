package dev.portage.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.history.HistoryPage;
import dev.portage.history.HistoryQuery;
import dev.portage.history.ReleaseAtQuery;
import dev.portage.live.LiveState;
import dev.portage.mlflow.MlflowRegistry;
import dev.portage.mlflow.MlflowServer;
import dev.portage.quarantine.LiftOrder;
import dev.portage.quarantine.QuarantineQuery;
import dev.portage.quarantine.Quarantined;
import dev.portage.release.Release;
import dev.portage.rollback.WayBack;
import dev.portage.rollback.WayBackQuery;
import dev.portage.store.tracking.ArtifactStores;
import dev.portage.transfer.RealStores;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log of a workspace on the last MLflow 2, as build/artifact-stores installs it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EarlierMlflowIT {

  private static final String SERVER = "older";
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

  @TempDir static Path folder;
  private static RealStores world;
  private static EventLog log;

  @BeforeAll
  static void start() throws Exception {
    world = new RealStores(folder);
    world.begin(SERVER);
    log = new EventLog(world, new MlflowRegistry(world), ArtifactStores.standard());
  }

  @AfterAll
  static void close() throws Exception {
    world.close();
  }

  @Test
  void entriesAreWrittenOnceAndReadNewestFirst() {
    String model = "logged";
    List<HistoryEvent> all = IntStream.rangeClosed(1, 5).mapToObj(i -> released(model, i)).toList();
    all.forEach(log::appendEvent);
    assertThat(log.appendEvent(all.getFirst())).isEqualTo(all.getFirst());

    HistoryPage page = log.readHistory(HistoryQuery.newest(SERVER, model, 50));

    assertThat(page.events()).containsExactlyElementsOf(all.reversed());
    assertThat(page.more()).isFalse();
    assertThat(
            log.readHistory(new HistoryQuery(SERVER, model, null, 2, AT.plusSeconds(4))).events())
        .containsExactly(all.get(3), all.get(2));
    assertThat(log.releaseAt(new ReleaseAtQuery(SERVER, model, model, AT.plusSeconds(3))).last())
        .isEqualTo(all.get(2));
  }

  /** More than a page, of which the oldest name no versions in tags. */
  @Test
  void aReleaseOfALongLogIsFoundByItsVersion() {
    String model = "long";
    MlflowServer server = world.of(SERVER);
    String experiment = server.experiments().namedOrNew(EventRuns.EXPERIMENT).id();
    for (int i = 1; i <= 120; i++) {
      HistoryEvent event = released(model, i);
      Map<String, String> tags = EventTags.write(event, event.at());
      if (i <= 10) {
        tags.remove(EventTags.VERSION);
        tags.remove(EventTags.LEFT);
      }
      server
          .runs()
          .create(
              experiment,
              EventRuns.name(event.kind(), model, String.valueOf(i)),
              event.at().toEpochMilli(),
              tags);
    }

    assertThat(target(model, "15")).isEqualTo("15");
    assertThat(target(model, "5")).as("of a time without tags for versions").isEqualTo("5");
    assertThat(target(model, "500")).as("never released").isEqualTo("none");
  }

  @Test
  void aRefusedCandidateIsLifted() {
    WorkspaceQuarantine quarantine = new WorkspaceQuarantine(world);
    String digest = "d1".repeat(32);
    quarantine.quarantine(
        Quarantined.of(
                SERVER,
                "refused",
                digest,
                Quarantined.Why.ROLLED_BACK,
                "rollback/older/refused/1",
                "ana@example.com",
                AT)
            .version("4")
            .build());
    assertThat(quarantine.quarantined(new QuarantineQuery(SERVER, "refused", digest, null)))
        .isPresent();

    quarantine.lift(new LiftOrder(SERVER, "refused", "v4", "ana@example.com", "retrained", AT));

    assertThat(quarantine.quarantined(new QuarantineQuery(SERVER, "refused", digest, null)))
        .isEmpty();
  }

  private String target(String model, String version) {
    WayBack.Recorded found = log.wayBack(new WayBackQuery(SERVER, model, "120", version)).target();
    return found == null ? "none" : Objects.requireNonNull(found.release()).version();
  }

  private static HistoryEvent released(String model, int version) {
    String workflow = "promotion/" + model + "/" + version;
    Instant at = AT.plusSeconds(version);
    String number = String.valueOf(version);
    return HistoryEvent.of(
            HistoryEvent.idOf(HistoryKind.RELEASE, SERVER, workflow),
            HistoryKind.RELEASE,
            SERVER,
            model,
            at,
            "ana@example.com")
        .name(model)
        .workflow(workflow)
        .release(
            Release.of(workflow, SERVER, model, number, "d".repeat(64), at)
                .states(
                    List.of(
                        new LiveState(
                            "champion", true, number, "version " + number, Map.of(), null)),
                    List.of())
                .build())
        .build();
  }
}
