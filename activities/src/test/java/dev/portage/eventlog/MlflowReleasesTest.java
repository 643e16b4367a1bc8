package dev.portage.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.approval.Decision;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.FakeServers;
import dev.portage.mlflow.MlflowRegistry;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.release.ReleaseOrder;
import dev.portage.store.tracking.ArtifactStores;
import dev.portage.temporal.Payloads;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MlflowReleasesTest {

  @Test
  void theRecordIsStoredNextToTheModelAndReadBack() throws JsonProcessingException {
    try (OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
        FakeMlflow dev = new FakeMlflow(http, "dev", true)) {
      ObjectNode run = dev.addRun("/churn", "train", Map.of());
      Instant at = Instant.parse("2026-01-02T03:04:05Z");
      Release release =
          Release.of("promotion/churn/abc", "dev", "churn", "7", "d1", at)
              .previousVersion("6")
              .commit("abc")
              .job(12L, null)
              .decisions(
                  List.of(
                      Decision.of("id-1", "prod-1", Decision.Verdict.APPROVE, "ana@example.com", at)
                          .group("model-owners")
                          .as("ana@example.com", List.of("model-owners"))
                          .build()))
              .build();
      MlflowReleases releases = releases(FakeServers.of(dev));

      RecordQuery query = new RecordQuery("dev", FakeMlflow.idOf(run));
      assertThat(releases.recorded(query)).isEmpty();

      String uri = releases.record(new ReleaseOrder(release, FakeMlflow.idOf(run)));
      releases.record(new ReleaseOrder(release, FakeMlflow.idOf(run)));

      assertThat(uri)
          .isEqualTo(
              "mlflow-artifacts:/1/" + FakeMlflow.idOf(run) + "/artifacts/portage/release.json");
      assertThat(dev.files()).hasSize(1);
      String written = new String(dev.files().values().iterator().next(), StandardCharsets.UTF_8);
      assertThat(Payloads.mapper().readValue(written, Release.class)).isEqualTo(release);
      assertThat(releases.recorded(query)).contains(release);

      dev.files().replaceAll((path, bytes) -> "{\"other\": 1}".getBytes(StandardCharsets.UTF_8));
      assertThat(releases.recorded(query)).isEmpty();
    }
  }

  private static MlflowReleases releases(FakeServers servers) {
    return new MlflowReleases(servers, new MlflowRegistry(servers), ArtifactStores.standard());
  }
}
