package dev.portage.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.freeze.Freeze;
import dev.portage.freeze.FreezeOrder;
import dev.portage.freeze.HoldOrder;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.live.LiveQuery;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.FakeServers;
import dev.portage.preflight.Ahead;
import dev.portage.preflight.Finding;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import dev.portage.registry.Marking;
import dev.portage.registry.ModelQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A plan says which freezes a promotion would wait for. */
class FreezeInspectionTest {

  private static final Instant NOW = Instant.parse("2026-12-30T12:00:00Z");
  private static final Instant UNTIL = Instant.parse("2026-12-31T17:00:00Z");

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final FakeMlflow dev = new FakeMlflow(http, "dev", true);
  private final FakeMlflow prod = new FakeMlflow(http, "prod", true);
  private final List<Freeze> planned = new ArrayList<>();
  private final WorkspaceFreezes freezes =
      new WorkspaceFreezes(FakeServers.of(dev, prod), workspace -> planned, () -> NOW);
  private final FreezeInspection inspection =
      new FreezeInspection(FakeServers.of(dev, prod), freezes, () -> NOW);

  @AfterEach
  void close() {
    dev.close();
    prod.close();
    http.close();
  }

  @Test
  void aFreezeOfTheTargetIsNotedWithItsEndAndStopsNothing() {
    freezes.freeze(new FreezeOrder("f-1", "prod", UNTIL, "ana@example.com", "audit", NOW));

    List<Finding> found = found(target());

    assertThat(found)
        .containsExactly(
            new Finding(
                "workspace prod",
                "freeze",
                Finding.Verdict.NOTE,
                "prod is frozen until 2026-12-31T17:00:00Z by ana@example.com: audit;"
                    + " a promotion waits before it goes live",
                "To end it: portage unfreeze prod --reason TEXT"));
    assertThat(Finding.anyFailed(found)).isFalse();
  }

  @Test
  void aModelThatIsHeldIsNotedAndNoOtherIs() {
    freezes.hold(new HoldOrder("w-1", "prod", "ml.churn", "churn", "watch/1", "slow", NOW));
    freezes.hold(new HoldOrder("w-2", "prod", "ml.fraud", "fraud", "watch/2", "slow", NOW));

    assertThat(found(target()))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.text())
              .startsWith("promotions of churn to prod are held since 2026-12-30T12:00:00Z");
          assertThat(finding.remedy()).contains("portage unfreeze --model churn");
        });
  }

  @Test
  void whatIsOverOrYetToComeAndTheFirstWorkspaceAreNotNoted() {
    freezes.freeze(
        new FreezeOrder("f-1", "prod", NOW, "ana@example.com", "over", NOW.minusSeconds(60)));
    planned.add(
        new Freeze(
            "file/1",
            "prod",
            NOW.plus(Duration.ofDays(1)),
            NOW.plus(Duration.ofDays(2)),
            "portage.yaml:31",
            "to come",
            null,
            null));
    assertThat(found(target())).isEmpty();

    freezes.freeze(new FreezeOrder("f-2", "prod", UNTIL, "ana@example.com", "audit", NOW));
    assertThat(found(null)).as("nothing goes live there").isEmpty();
  }

  private static LiveQuery target() {
    return new LiveQuery(List.of(), new ModelQuery("prod", "ml.churn", Marking.ALIASES));
  }

  private List<Finding> found(@Nullable LiveQuery live) {
    return inspection
        .inspect(
            WorkspaceNeeds.of("prod", List.of(Right.READ_REGISTRY))
                .model("ml.churn")
                .ahead(new Ahead(null, null, live, null, null, null))
                .build())
        .findings();
  }
}
