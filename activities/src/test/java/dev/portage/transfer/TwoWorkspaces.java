package dev.portage.transfer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.candidate.Candidate;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyProgress;
import dev.portage.copy.ManifestOrder;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.FakeServers;
import dev.portage.mlflow.MlflowServers;
import dev.portage.registry.Tags;
import dev.portage.store.tracking.ArtifactStores;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;

/** A workspace "dev" with models, a workspace "prod", and the copy between them. */
abstract class TwoWorkspaces {
  static final Map<String, String> FILES =
      Map.of(
          "MLmodel", "run_id: of dev\n",
          "model.pkl", "some bytes of a model",
          "empty.txt", "",
          "data/deep/größe 1+2.txt", "Umlaut, space and plus");

  final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  final FakeMlflow dev = new FakeMlflow(http, "dev", true);
  final FakeMlflow prod = new FakeMlflow(http, "prod", true);
  final List<CopyProgress> beats = Collections.synchronizedList(new ArrayList<>());
  final Transfer transfer = transfer(FakeServers.of(dev, prod), beats::add);

  @AfterEach
  void close() {
    dev.close();
    prod.close();
    http.close();
  }

  ModelLocation loggedModel() {
    ObjectNode run = dev.addRun("/churn", "train", tags());
    ObjectNode info = (ObjectNode) dev.addModel(run, "model", FILES).get("info");
    String id = info.path("model_id").asText();
    return new ModelLocation(
        "dev",
        "1",
        FakeMlflow.idOf(run),
        id,
        "model",
        "models:/" + id,
        info.path("artifact_uri").asText());
  }

  ModelLocation folder() {
    ObjectNode run = dev.addRun("/churn", "train", tags());
    dev.addFolder(run, "model", FILES);
    String id = FakeMlflow.idOf(run);
    return new ModelLocation(
        "dev",
        "1",
        id,
        null,
        "model",
        "runs:/" + id + "/model",
        "mlflow-artifacts:/1/" + id + "/artifacts/model");
  }

  static Map<String, String> tags() {
    return Map.of(
        "team", "risk", "mlflow.databricks.jobID", "11", Tags.KEY, "the key of the dev version");
  }

  CopyOrder order(ModelLocation model) {
    ManifestRef manifest = transfer.makeManifest(new ManifestOrder(model, "promotion/churn/abc"));
    return new CopyOrder(
        new Candidate(model, "churn", "1", "abc", manifest),
        model,
        "prod",
        "/portage/churn",
        "copy-key",
        Map.of(Tags.LINEAGE, "dev run → prod"));
  }

  /** The copy that retries nothing itself, so that each failure is seen. */
  static Transfer transfer(MlflowServers servers, Heartbeat heartbeat) {
    return transfer(servers, heartbeat, Duration.ZERO);
  }

  /** The copy that retries temporary failures until nothing gets through for that long. */
  static Transfer transfer(MlflowServers servers, Heartbeat heartbeat, Duration retryTimeout) {
    return new Transfer(
        servers,
        ArtifactStores.standard(),
        () -> heartbeat,
        Duration.ofMillis(20),
        2,
        retryTimeout,
        Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC));
  }

  static Map<String, String> filesAt(FakeMlflow server, ModelLocation model) {
    String root = model.artifactUri().substring("mlflow-artifacts:/".length()) + "/";
    Map<String, String> files = new TreeMap<>();
    server
        .files()
        .forEach((path, bytes) -> {
          if (path.startsWith(root)) {
            files.put(path.substring(root.length()), new String(bytes, StandardCharsets.UTF_8));
          }
        });
    return files;
  }

  static long sizeOfAll() {
    return FILES.values().stream()
        .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }

  static List<ObjectNode> activeRuns(FakeMlflow server) {
    return server.runs().stream()
        .filter(run -> run.path("info").path("lifecycle_stage").asText().equals("active"))
        .toList();
  }
}
