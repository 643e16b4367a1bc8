package dev.portage.sandbox.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.approval.Decision;
import dev.portage.eventlog.EventLog;
import dev.portage.eventlog.MlflowReleases;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.history.HistoryPage;
import dev.portage.history.HistoryQuery;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.MlflowRegistry;
import dev.portage.mlflow.MlflowServer;
import dev.portage.mlflow.MlflowServers;
import dev.portage.registry.MarkOrder;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionLabels;
import dev.portage.release.FollowUp;
import dev.portage.release.FollowedUp;
import dev.portage.release.FollowingUp;
import dev.portage.release.LiveVersion;
import dev.portage.release.Release;
import dev.portage.sandbox.RealServers;
import dev.portage.store.tracking.ArtifactStores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;

/** The log of a workspace, and the labels of its versions, on a real MLflow server. */
@ExtendWith(RealServers.class)
@Execution(ExecutionMode.CONCURRENT)
class WorkspaceLogIT {

  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final int WRITERS = 6;

  private final OutboundHttp http = RealModels.http();
  private final MlflowServers servers = RealModels.servers(http);
  private final MlflowRegistry registry = new MlflowRegistry(servers);
  private final ArtifactStores stores = ArtifactStores.standard();
  private final EventLog log = new EventLog(servers, registry, stores);
  private final MlflowReleases releases = new MlflowReleases(servers, registry, stores);
  private final MlflowClient witness = new MlflowClient(RealServers.mlflow("dev").toString());

  @AfterEach
  void close() {
    witness.close();
    http.close();
  }

  /** All at once, and each entry by two of them: as after a timeout whose call went on. */
  @Test
  void writersLoseNothingAndAnEntryIsOneHoweverManyWriteIt() throws Exception {
    String model = "logged-by-many";
    List<Future<HistoryEvent>> writes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2 * WRITERS; i++) {
        HistoryEvent event = released(model, String.valueOf(i / 2 + 1));
        writes.add(threads.submit(() -> log.appendEvent(event)));
      }
      for (Future<HistoryEvent> write : writes) {
        write.get();
      }
    }

    HistoryPage page = log.readHistory(HistoryQuery.newest("dev", model, 50));

    assertThat(page.events())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, WRITERS)
                .mapToObj(i -> released(model, String.valueOf(WRITERS + 1 - i)))
                .toList());
    assertThat(page.more()).isFalse();
    assertThat(page.notes()).isEmpty();
    HistoryPage newest =
        log.readHistory(new HistoryQuery("dev", model, null, 2, AT.plusSeconds(4)));
    assertThat(newest.events())
        .extracting(event -> event.release() == null ? "" : event.release().version())
        .containsExactly("4", "3");
    assertThat(newest.more()).isTrue();
    // The next entry finds each one once, whatever was created at the same moment.
    log.appendEvent(released(model, String.valueOf(WRITERS + 1)));
    assertThat(runs(model)).hasSize(WRITERS + 1);
  }

  /** By a client that is not ours. */
  @Test
  void anEntryIsReadWithoutPortage() throws JsonProcessingException {
    String model = "logged-for-years";
    HistoryEvent event = log.appendEvent(released(model, "3"));

    assertThat(runs(model))
        .singleElement()
        .satisfies(run -> {
          assertThat(run.getInfo().getStartTime()).isEqualTo(AT.plusSeconds(3).toEpochMilli());
          assertThat(run.getInfo().getStatus().name()).isEqualTo("FINISHED");
          String json =
              run.getData().getTagsList().stream()
                  .filter(tag -> tag.getKey().startsWith("portage_event_"))
                  .sorted((one, other) -> one.getKey().compareTo(other.getKey()))
                  .map(RunTag::getValue)
                  .collect(Collectors.joining());
          assertThat(new ObjectMapper().readTree(json).path("release").path("version").asText())
              .isEqualTo("3");
        });
    assertThat(event.release()).isNotNull();
  }

  /** Two of them say so, as after a promotion that was terminated between two labels. */
  @Test
  void afterALabelOneVersionSaysThatItIsLive() {
    String model = "labelled-live";
    MlflowServer server = servers.of("dev");
    server.registeredModels().ensure(model);
    for (int i = 1; i <= 3; i++) {
      RunInfo run = witness.createRun();
      server
          .registeredModels()
          .create(model, run.getArtifactUri() + "/model", run.getRunId(), null, Map.of(), "");
    }
    for (String version : List.of("1", "2")) {
      registry.labelVersion(
          new VersionLabels("dev", model, version, Map.of(Tags.RELEASE, Tags.LIVE)));
    }
    registry.mark(new MarkOrder("dev", model, "3", Marking.STAGES, "Production"));
    log.appendEvent(released(model, "3"));
    LiveVersion live = new LiveVersion("dev", model, Marking.STAGES, "3");

    List<FollowedUp> done =
        new FollowingUp(registry, releases)
            .followUp(
                List.of(
                    FollowUp.of(
                        "dev/release",
                        live,
                        new VersionLabels("dev", model, "3", Map.of(Tags.RELEASE, Tags.LIVE)))));

    assertThat(done.getFirst().problem()).isNull();
    assertThat(
            IntStream.rangeClosed(1, 3)
                .mapToObj(i -> witness.getModelVersion(model, String.valueOf(i)))
                .filter(version ->
                    version.getTagsList().stream()
                        .anyMatch(tag -> tag.getValue().equals(Tags.LIVE)))
                .map(version -> version.getVersion()))
        .containsExactly("3");
    assertThat(releases.liveRelease(new ModelQuery("dev", model, Marking.STAGES)))
        .hasValueSatisfying(release -> assertThat(release.version()).isEqualTo("3"));
  }

  private List<Run> runs(String model) {
    String experiment =
        witness.getExperimentByName("/Shared/portage-history").orElseThrow().getExperimentId();
    return witness
        .searchRuns(
            List.of(experiment),
            "tags.`portage_model` = '" + model + "'",
            ViewType.ACTIVE_ONLY,
            100)
        .getItems();
  }

  /** One with a comment that fills several tags. */
  private static HistoryEvent released(String model, String version) {
    Instant at = AT.plusSeconds(Long.parseLong(version));
    String promotion = "promotion/" + model + "/" + version;
    Decision approval =
        Decision.of("id-1", "dev-1", Decision.Verdict.APPROVE, "ana@example.com", at)
            .comment("geprüft 😀 ".repeat(120))
            .build();
    return HistoryEvent.of(
            HistoryEvent.idOf(HistoryKind.RELEASE, "dev", promotion),
            HistoryKind.RELEASE,
            "dev",
            model,
            at,
            "dev@example.com")
        .name(model)
        .workflow(promotion)
        .release(
            Release.of(promotion, "dev", model, version, "d".repeat(64), at)
                .decisions(List.of(approval, approval, approval))
                .build())
        .build();
  }
}
