package dev.portage.unitycatalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.attempt.AttemptAge;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyProgress;
import dev.portage.copy.ManifestOrder;
import dev.portage.copy.Verify;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.FakeServers;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import dev.portage.store.tracking.ArtifactStores;
import dev.portage.transfer.Heartbeat;
import dev.portage.transfer.Transfer;
import dev.portage.transfer.VersionFiles;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;

/** A workspace "dev" with Unity Catalog, and a run in it whose model has a manifest. */
abstract class CatalogWorld {
  static final String MODEL = "main.ml.churn";

  static final String MLMODEL = "run_id: of dev\nsignature:\n  inputs: '[{}]'\n  outputs: '[{}]'\n";

  static final Map<String, String> FILES =
      Map.of(
          "MLmodel", MLMODEL,
          "model.pkl", "some bytes of a model",
          "empty.txt", "",
          "data/deep/größe 1+2.txt", "Umlaut, space and plus");

  final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  final List<CopyProgress> beats = Collections.synchronizedList(new ArrayList<>());
  volatile Heartbeat heartbeat = beats::add;
  volatile AttemptAge asked = AttemptAge.justNow();

  FakeMlflow mlflow = new FakeMlflow(http, "dev", true);
  FakeCatalog catalog = new FakeCatalog(mlflow);
  CatalogRegistry registry = registry();

  @AfterEach
  void close() {
    catalog.close();
    mlflow.close();
    http.close();
  }

  /** The same world in its initial state. */
  void anew() {
    catalog.close();
    mlflow.close();
    mlflow = new FakeMlflow(http, "dev", true);
    catalog = new FakeCatalog(mlflow);
    registry = registry();
  }

  private CatalogRegistry registry() {
    FakeServers servers = FakeServers.of(mlflow);
    return new CatalogRegistry(
        servers,
        new VersionFiles(
            servers, stores(), () -> heartbeat, Duration.ofMillis(20), 2, Duration.ZERO),
        Duration.ofMillis(200),
        Duration.ofMillis(5),
        () -> asked);
  }

  static ArtifactStores stores() {
    return ArtifactStores.standard().and(new CatalogArtifacts.Kind());
  }

  Transfer transfer() {
    return new Transfer(
        FakeServers.of(mlflow),
        stores(),
        () -> heartbeat,
        Duration.ofMillis(20),
        2,
        Duration.ZERO,
        Clock.systemUTC());
  }

  VersionOrder order(String key) {
    return order(key, FILES);
  }

  /** A request with a new run that has these files. */
  VersionOrder order(String key, Map<String, String> content) {
    ObjectNode run = mlflow.addRun("/churn", "train", Map.of("mlflow.source.git.commit", "abc"));
    ObjectNode info = (ObjectNode) mlflow.addModel(run, "model", content).get("info");
    String id = info.path("model_id").asText();
    ModelLocation model =
        new ModelLocation(
            "dev",
            "1",
            FakeMlflow.idOf(run),
            id,
            "model",
            "models:/" + id,
            info.path("artifact_uri").asText());
    ManifestRef manifest = transfer().makeManifest(new ManifestOrder(model, "promotion/churn/abc"));
    Map<String, String> tags = new HashMap<>();
    tags.put(Tags.PROMOTION, "promotion/churn/abc");
    tags.put(Tags.DIGEST, manifest.digest());
    tags.put(Tags.MANIFEST, manifest.artifactUri());
    return new VersionOrder("dev", MODEL, model, key, tags, "churn of commit abc", Verify.FULL);
  }

  /** The files of a version, by path. */
  Map<String, String> filesOf(String version) {
    String root = "/Models/main/ml/churn/" + version + "/";
    Map<String, String> files = new TreeMap<>();
    catalog.files.content.forEach((path, bytes) -> {
      if (path.startsWith(root)) {
        files.put(path.substring(root.length()), new String(bytes, StandardCharsets.UTF_8));
      }
    });
    return files;
  }

  List<String> versions() {
    return catalog.versions.stream()
        .map(v -> v.path("version").asText() + " " + v.path("status").asText())
        .toList();
  }

  /** A version left behind by another attempt. */
  ObjectNode left(VersionOrder order, String number, String status) {
    catalog.aliases.computeIfAbsent(MODEL, _ -> new TreeMap<>());
    ObjectNode version =
        FakeCatalog.object()
            .put("name", MODEL)
            .put("version", number)
            .put("status", status)
            .put("source", order.location().source())
            .put("run_id", order.location().runId());
    FakeCatalog.tag(version.withArray("tags"), Tags.KEY, order.key());
    catalog.versions.add(version);
    return version;
  }
}
