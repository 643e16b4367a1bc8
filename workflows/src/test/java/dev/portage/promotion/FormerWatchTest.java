package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.live.LiveWatchId;
import dev.portage.livewatch.LiveWatchView;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.ServeWatch;
import dev.portage.step.CourseView;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The watch of a version that a promotion replaces, whose file serves it no more. */
@Timeout(180)
@Tag("S2.35")
class FormerWatchTest extends LiveWatchScene {

  @Test
  void aReleaseWhoseFileServesNoMoreEndsTheWatchOfTheOneBeforeAtOnceAndOnce() {
    world.serve =
        ServeSettings.of(ENDPOINT).toBuilder()
            .watch(new ServeWatch(Duration.ofDays(30), Duration.ofDays(10)))
            .build();
    engine.release(PromotionEngine.COMMIT);
    world.serve = null;

    WorkflowStub second = released(PromotionEngine.OTHER_COMMIT);

    LiveWatchView view = endedMeanwhile(FIRST);
    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says())
        .startsWith("the champion is version 2, released by promotion/diabetes/");
    assertThat(view.looks()).as("its own next look was days away").isEqualTo(1);
    assertThat(looksMade(second)).containsExactly(FIRST);
    assertThat(PromotionEngine.status(second).notices())
        .filteredOn(notice -> notice.contains("stays as it is, since the file has no serve"))
        .hasSize(1);
  }

  @Test
  void whereNothingWasServedThereIsNoWatchToTell() {
    world.serve = null;
    engine.release(PromotionEngine.COMMIT);

    assertThat(looksMade(released(PromotionEngine.OTHER_COMMIT))).isEmpty();
  }

  private WorkflowStub released(String commit) {
    WorkflowStub promotion = engine.approved(commit);
    promotion.getResult(PromotionView.class);
    return promotion;
  }

  /** Watches that a promotion made look. */
  private List<String> looksMade(WorkflowStub promotion) {
    return engine.history(promotion).getEvents().stream()
        .filter(event -> event.hasSignalExternalWorkflowExecutionInitiatedEventAttributes())
        .map(event -> event.getSignalExternalWorkflowExecutionInitiatedEventAttributes())
        .filter(signal -> signal.getSignalName().equals(LiveWatchId.LOOK))
        .map(signal -> signal.getWorkflowExecution().getWorkflowId())
        .toList();
  }

  /** One that ends while no time is skipped. */
  private LiveWatchView endedMeanwhile(String watch) {
    Instant end = Instant.now().plusSeconds(60);
    while (!look(watch).state().ended()) {
      assertThat(Instant.now()).isBefore(end);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    engine.childOfAnEndedOneHasEnded();
    return look(watch);
  }
}
