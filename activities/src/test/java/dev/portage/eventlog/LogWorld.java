package dev.portage.eventlog;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.FakeServers;
import dev.portage.mlflow.MlflowRegistry;
import dev.portage.registry.Tags;
import dev.portage.release.Release;
import dev.portage.store.tracking.ArtifactStores;
import dev.portage.temporal.Payloads;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Two workspaces in memory, and their logs. */
abstract class LogWorld {

  private static final ObjectMapper JSON = Payloads.mapper();

  static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

  final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  final FakeMlflow dev = new FakeMlflow(http, "dev", true);
  final FakeMlflow prod = new FakeMlflow(http, "prod", true);
  final FakeServers servers = FakeServers.of(dev, prod);
  final EventLog log =
      new EventLog(servers, new MlflowRegistry(servers), ArtifactStores.standard());

  /**
   * A release from before the log: its record is an artifact with the model.
   *
   * @param label what the version's tag says of it; null for no tag
   * @return the run with the model
   */
  ObjectNode recordedBefore(Release release, @Nullable String label) {
    ObjectNode run = prod.addRun("/churn", "copy", Map.of());
    prod.files()
        .put(
            run.path("info").path("artifact_uri").asText().replace("mlflow-artifacts:/", "")
                + "/portage/release.json",
            JSON.valueToTree(release).toString().getBytes(StandardCharsets.UTF_8));
    ObjectNode registered = JSON.createObjectNode();
    registered
        .put("name", "churn")
        .put("version", release.version())
        .put("status", "READY")
        .put("current_stage", "None")
        .put("run_id", FakeMlflow.idOf(run));
    if (label != null) {
      registered.withArray("tags").addObject().put("key", Tags.RELEASE).put("value", label);
    }
    prod.versions().add(registered);
    return run;
  }

  @AfterEach
  void close() {
    dev.close();
    prod.close();
    http.close();
  }
}
