package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.live.LiveState;
import dev.portage.release.Release;
import dev.portage.rollback.RollbackView;
import dev.portage.settings.ServeSettings;
import dev.portage.step.CourseView;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a version may take to start when a failed rollback puts an endpoint back. */
@Timeout(180)
class ServingPuttingBackTest {

  private static final Duration ALLOWED = Duration.ofHours(5);

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void itIsAsLongAsTheFileOfTheLiveReleaseSaid() {
    world.serve = ServeSettings.of("diabetes");
    engine.release(PromotionEngine.COMMIT);
    world.serve = ServeSettings.of("diabetes").toBuilder().timeout(ALLOWED).build();
    engine.release(PromotionEngine.OTHER_COMMIT);
    world.refuse("restoreJob", FakeWorld.userFault("you may not reset the job"));

    WorkflowStub rollback = stopped();

    List<HistoryEvent> waits = waits(rollback);
    assertThat(waits).as("going back, then putting back").hasSizeGreaterThan(1);
    assertThat(allowed(waits.getFirst())).isLessThan(ALLOWED);
    assertThat(allowed(waits.getLast())).isGreaterThan(ALLOWED);
    assertThat(world.endpoints.of("diabetes").text()).isEqualTo("version 2");
  }

  @Test
  void theEndpointSaysAgainWhoChangedItLast() {
    world.serve = ServeSettings.of("diabetes");
    engine.release(PromotionEngine.COMMIT);
    engine.release(PromotionEngine.OTHER_COMMIT);
    String released = world.endpoints.promotions.get("diabetes");
    world.refuse("restoreJob", FakeWorld.userFault("you may not reset the job"));

    stopped();

    assertThat(world.endpoints.of("diabetes").text()).isEqualTo("version 2");
    assertThat(world.endpoints.promotions.get("diabetes"))
        .startsWith("promotion/")
        .isEqualTo(released);
  }

  @Test
  void itSaysSoToWhereNoTrafficHadMoved() {
    world.serve = ServeSettings.of("diabetes");
    engine.release(PromotionEngine.COMMIT);
    engine.release(PromotionEngine.OTHER_COMMIT);
    String released = world.endpoints.promotions.get("diabetes");
    world.endpoints.broken.put("1", "it does not start any more");

    stopped();

    assertThat(world.endpoints.of("diabetes").text()).isEqualTo("version 2");
    assertThat(world.endpoints.promotions.get("diabetes")).isEqualTo(released);
  }

  @Test
  void itIsRecordedWithWhatWasFoundForLaterRollbacks() {
    world.serve = ServeSettings.of("diabetes").toBuilder().timeout(ALLOWED).build();
    engine.release(PromotionEngine.COMMIT, PromotionEngine.OTHER_COMMIT);

    engine.rollback().getResult(RollbackView.class);

    Release made = Objects.requireNonNull(world.log.getLast().release());
    assertThat(Objects.requireNonNull(made.before()))
        .filteredOn(state -> state.thing().equals("serve"))
        .extracting(ServingPuttingBackTest::timeout)
        .containsExactly(ALLOWED.toString());
  }

  private static String timeout(LiveState state) {
    return String.valueOf(state.value("timeout"));
  }

  private static Duration allowed(HistoryEvent wait) {
    return Duration.ofSeconds(
        wait.getActivityTaskScheduledEventAttributes().getStartToCloseTimeout().getSeconds());
  }

  private List<HistoryEvent> waits(WorkflowStub workflow) {
    return engine.history(workflow).getEvents().stream()
        .filter(event ->
            event
                .getActivityTaskScheduledEventAttributes()
                .getActivityType()
                .getName()
                .equals("AwaitEndpoint"))
        .toList();
  }

  private WorkflowStub stopped() {
    WorkflowStub rollback = engine.rollback();
    engine.environment.sleep(Duration.ofMinutes(20));
    assertThat(rollback.query("status", RollbackView.class).state())
        .isEqualTo(CourseView.State.STOPPED);
    return rollback;
  }
}
