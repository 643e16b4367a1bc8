package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.notice.NoticeKind;
import io.temporal.client.WorkflowStub;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who changed a watched endpoint, as its tag tells: a person leaves it as it is. */
@Timeout(180)
@Tag("S2.35")
class WatchedEndpointTagsTest extends LiveWatchScene {

  @Test
  void whatAPersonChangesIsNotThePromotionsThatReleasedIt() {
    releaseTwo();

    endpoints.byHand(ENDPOINT, FakeEndpoints.served("1", 50), FakeEndpoints.served("2", 50));

    isTold();
  }

  @Test
  void norAPromotionsThatTookItsChangesBack() {
    releaseTwo();
    turnsBad("3", "status 500");
    WorkflowStub failing = engine.start("3333333333333333333333333333333333333333");
    engine.untilState(failing, PromotionState.WAITING);
    failing.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(failing, PromotionState.STOPPED);
    assertThat(live()).isEqualTo("version 2");

    endpoints.byHand(ENDPOINT, FakeEndpoints.served("1", 50), FakeEndpoints.served("2", 50));

    isTold();
  }

  private void isTold() {
    until(SECOND, view -> !told(NoticeKind.WATCH).isEmpty());
    assertThat(told(NoticeKind.WATCH))
        .singleElement()
        .asString()
        .contains("endpoint diabetes serves versions")
        .contains("somebody changed it by hand");
  }
}
