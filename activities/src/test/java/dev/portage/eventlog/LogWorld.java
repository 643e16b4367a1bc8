package dev.portage.eventlog;

import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.FakeServers;
import dev.portage.mlflow.MlflowRegistry;
import dev.portage.store.tracking.ArtifactStores;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;

/** Two workspaces in memory, and their logs. */
abstract class LogWorld {

  static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

  final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  final FakeMlflow dev = new FakeMlflow(http, "dev", true);
  final FakeMlflow prod = new FakeMlflow(http, "prod", true);
  final FakeServers servers = FakeServers.of(dev, prod);
  final EventLog log =
      new EventLog(servers, new MlflowRegistry(servers), ArtifactStores.standard());

  @AfterEach
  void close() {
    dev.close();
    prod.close();
    http.close();
  }
}
