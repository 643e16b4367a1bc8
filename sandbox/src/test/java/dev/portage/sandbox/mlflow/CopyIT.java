package dev.portage.sandbox.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.candidate.Candidate;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyResult;
import dev.portage.copy.ManifestOrder;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.MlflowRegistry;
import dev.portage.mlflow.MlflowServers;
import dev.portage.mlflow.MlflowTracking;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import dev.portage.sandbox.RealServers;
import dev.portage.store.tracking.ArtifactStores;
import dev.portage.temporal.Payloads;
import dev.portage.tracking.RunSearch;
import dev.portage.transfer.Transfer;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;

@ExtendWith(RealServers.class)
@Execution(ExecutionMode.CONCURRENT)
class CopyIT {
  private final OutboundHttp http = RealModels.http();
  private final MlflowServers servers = RealModels.servers(http);
  private final Transfer transfer = transfer(servers);
  private final MlflowRegistry registry = new MlflowRegistry(servers);
  private final MlflowClient prod = new MlflowClient(RealServers.mlflow("prod").toString());

  @TempDir Path folder;

  @AfterEach
  void close() {
    prod.close();
    http.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"logged", "folder"})
  @Tag("S1.06")
  @Tag("S1.07")
  @Tag("S1.09")
  void theCopyHasAllFilesAndFactsAndPredictsTheSame(String layout) {
    String model = "carried-" + layout;
    CopyOrder order = order(layout, model);
    CopyResult copied = transfer.copy(order);
    ModelVersion version = registry.registerVersion(version(copied, model, "prod-key"));
    CopyResult again = transfer.copy(order);

    JsonNode read =
        RealModels.read(
            RealServers.mlflow("dev").toString(),
            model,
            "1",
            RealServers.mlflow("prod").toString(),
            model,
            version.version());

    JsonNode before = read.path(0);
    JsonNode after = read.path(1);
    assertThat(after.path("files")).isEqualTo(before.path("files"));
    assertThat(after.path("files").size()).isEqualTo((int) copied.files());
    assertThat(after.path("files").has("MLmodel")).isTrue();
    for (String same :
        List.of("predictions", "params", "metrics", "history", "inputs", "runTimes")) {
      assertThat(after.path(same)).as(same).isEqualTo(before.path(same));
      assertThat(after.path(same)).as(same).isNotEmpty();
    }
    assertThat(after.path("metrics").path("undefined").asText()).isEqualTo("nan");
    assertThat(after.path("runStatus").asText()).isEqualTo("FINISHED");
    JsonNode tags = after.path("tags");
    assertThat(tags.path("team").asText()).isEqualTo("risk");
    assertThat(tags.path(Tags.LINEAGE).asText()).isEqualTo("dev run → prod");
    assertThat(tags.path("portage_source_run").asText()).isEqualTo(order.source().runId());
    assertThat(tags.has("mlflow.databricks.jobRunID")).isFalse();
    assertThat(copied.digest()).isEqualTo(order.candidate().manifest().digest());
    assertThat(again.sentBytes()).isZero();
    assertThat(again.model()).isEqualTo(copied.model());
    assertThat(version.runId()).isEqualTo(copied.model().runId());
    assertThat(prod.searchModelVersions("name='" + model + "'").getItems()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"large logged", "large folder"})
  @Tag("S1.07")
  void aCopyKilledInTheMiddleIsFinishedByTheNextAndLeavesOneRun(String layout) throws Exception {
    CopyOrder order = order(layout, "killed-" + layout.replace(' ', '-'));
    kill(order);
    assertThat(runsOf(order)).singleElement().isEqualTo(RunStatus.RUNNING);

    CopyResult copied = transfer.copy(order);

    assertThat(copied.digest()).isEqualTo(order.candidate().manifest().digest());
    assertThat(copied.bytes()).isGreaterThan(96L * 1024 * 1024);
    assertThat(runsOf(order)).singleElement().isEqualTo(RunStatus.FINISHED);
    assertThat(transfer.copy(order).sentBytes()).isZero();
  }

  /** Copies in a separate process, and kills that while bytes are being sent. */
  private void kill(CopyOrder order) throws Exception {
    Path file = folder.resolve("order.json");
    Files.writeString(file, Payloads.mapper().writeValueAsString(order));
    Process copying =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                Objects.requireNonNull(System.getProperty("java.class.path")),
                CopyProcess.class.getName(),
                RealServers.mlflow("dev").toString(),
                RealServers.mlflow("prod").toString(),
                file.toString(),
                "5",
                "1")
            .redirectError(folder.resolve("copying.log").toFile())
            .start();
    // The process's end closes it: closing it here would cut off the last line.
    BufferedReader beats = copying.inputReader();
    String beat = beats.readLine();
    while (beat != null && !beat.matches("SENDING [1-9]\\d* bytes")) {
      beat = beats.readLine();
    }
    assertThat(beat).as(Files.readString(folder.resolve("copying.log"))).isNotNull();
    copying.destroyForcibly();
    assertThat(copying.waitFor()).isEqualTo(137);
  }

  private List<RunStatus> runsOf(CopyOrder order) {
    String experiment =
        prod.getExperimentByName(order.experiment()).orElseThrow().getExperimentId();
    return prod
        .searchRuns(
            List.of(experiment),
            "tags.portage_key = '" + order.key() + "'",
            ViewType.ACTIVE_ONLY,
            10)
        .getItems()
        .stream()
        .map(run -> run.getInfo().getStatus())
        .toList();
  }

  private CopyOrder order(String layout, String model) {
    ModelLocation source =
        new MlflowTracking(servers)
            .findRun(
                new RunSearch("dev", null, null, RealModels.logged(layout).path("run").asText()))
            .model();
    ManifestRef manifest = transfer.makeManifest(new ManifestOrder(source, "promotion/" + model));
    String version =
        registry
            .registerVersion(
                new VersionOrder("dev", model, source, "dev-key", Map.of(), "of a test"))
            .version();
    return new CopyOrder(
        new Candidate(source, model, version, "c0ffee", manifest),
        source,
        "prod",
        "/portage/" + model,
        "copy-" + model,
        Map.of(Tags.LINEAGE, "dev run → prod"));
  }

  private static VersionOrder version(CopyResult copied, String model, String key) {
    return new VersionOrder("prod", model, copied.model(), key, Map.of(), "of a test");
  }

  private static Transfer transfer(MlflowServers servers) {
    return new Transfer(
        servers,
        ArtifactStores.standard(),
        () -> _ -> {},
        Duration.ofSeconds(1),
        4,
        Clock.systemUTC());
  }
}
