package dev.portage.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.FakeServers;
import dev.portage.preflight.Finding;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.quarantine.LiftOrder;
import dev.portage.quarantine.Quarantined;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A plan says that a commit is refused, before a promotion of it is rejected. */
class QuarantineInspectionTest {

  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final FakeMlflow dev = new FakeMlflow(http, "dev", true);
  private final FakeMlflow prod = new FakeMlflow(http, "prod", true);
  private final WorkspaceQuarantine quarantine = new WorkspaceQuarantine(FakeServers.of(dev, prod));
  private final QuarantineInspection inspection =
      new QuarantineInspection(FakeServers.of(dev, prod), quarantine);

  @AfterEach
  void close() {
    dev.close();
    prod.close();
    http.close();
  }

  @Test
  void aCommitInQuarantineStopsAStartAndSaysHowItIsLetIn() {
    rolledBack();

    assertThat(found(COMMIT))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.verdict()).isEqualTo(Finding.Verdict.LACK);
          assertThat(finding.text())
              .isEqualTo(
                  "this commit is in quarantine: 0123456789ab was rolled back in prod by"
                      + " ana@example.com at 2026-11-30T12:00:00Z: it predicts nothing");
          assertThat(finding.remedy()).endsWith("portage lift ml.churn 0123456789ab --reason TEXT");
        });
  }

  @Test
  void anotherCommitOneThatWasLiftedAndNoneAreNotRefused() {
    rolledBack();
    assertThat(found("f".repeat(40))).isEmpty();
    assertThat(found(null)).as("a version that was trained elsewhere").isEmpty();

    quarantine.lift(new LiftOrder("prod", "ml.churn", COMMIT, "ana@example.com", "fixed", NOW));
    assertThat(found(COMMIT)).isEmpty();
  }

  private void rolledBack() {
    quarantine.quarantine(
        Quarantined.of(
                "prod",
                "ml.churn",
                "d".repeat(64),
                Quarantined.Why.ROLLED_BACK,
                "rollback/prod/churn/1",
                "ana@example.com",
                NOW)
            .commit(COMMIT)
            .version("4")
            .reason("it predicts nothing")
            .build());
  }

  private List<Finding> found(@Nullable String commit) {
    return inspection
        .inspect(
            WorkspaceNeeds.of("prod", List.of(Right.READ_REGISTRY))
                .model("ml.churn")
                .candidate(commit)
                .build())
        .findings();
  }
}
