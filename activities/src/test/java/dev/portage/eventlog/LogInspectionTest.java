package dev.portage.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.FakeServers;
import dev.portage.preflight.Finding;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whether releases can be recorded is known before anything starts. */
class LogInspectionTest {

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final FakeMlflow dev = new FakeMlflow(http, "dev", true);
  private final FakeMlflow prod = new FakeMlflow(http, "prod", true);
  private final LogInspection inspection = new LogInspection(FakeServers.of(dev, prod));

  @AfterEach
  void close() {
    dev.close();
    prod.close();
    http.close();
  }

  @Test
  void aLogThatCanBeWrittenIsFineAndNothingIsWritten() {
    prod.addRun(EventRuns.EXPERIMENT, "release", Map.of());

    assertThat(found("/churn", "churn"))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.verdict()).isEqualTo(Finding.Verdict.OK);
          assertThat(finding.text()).isEqualTo("entries can be added");
        });
    assertThat(prod.runs())
        .filteredOn(run -> run.at("/info/lifecycle_stage").asText().equals("active"))
        .hasSize(1);
  }

  @Test
  void aLogThatDoesNotExistYetIsCreatedByTheFirstEntry() {
    assertThat(found("/churn", "churn"))
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.text()).isEqualTo("does not exist yet; the first entry creates it"));
    assertThat(prod.asked("POST experiments/create")).isZero();
  }

  @Test
  void aLoginThatMayNotWriteIsALack() {
    prod.addRun(EventRuns.EXPERIMENT, "release", Map.of());
    prod.before =
        request ->
            request.getUrl().encodedPath().endsWith("runs/create")
                ? new MockResponse.Builder()
                    .code(403)
                    .setHeader("Content-Type", "application/json")
                    .body("{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no EDIT on it\"}")
                    .build()
                : null;

    assertThat(found("/churn", "churn"))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.verdict()).isEqualTo(Finding.Verdict.LACK);
          assertThat(finding.what()).isEqualTo("log /Shared/portage-history");
          assertThat(finding.text()).contains("no EDIT on it");
          assertThat(finding.remedy()).isNotBlank();
        });
  }

  @Test
  void theDoctorLooksEverywhereAndAPromotionWhereItReleases() {
    assertThat(found(null, null)).hasSize(1);
    assertThat(found(null, "churn")).isEmpty();
  }

  private List<Finding> found(@Nullable String experiment, @Nullable String model) {
    return inspection
        .inspect(new WorkspaceNeeds("prod", model, experiment, List.of(Right.WRITE_REGISTRY), null))
        .findings();
  }
}
