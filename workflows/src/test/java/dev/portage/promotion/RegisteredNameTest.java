package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.livewatch.LiveWatchView;
import dev.portage.rollback.RollbackView;
import dev.portage.step.CourseView;
import dev.portage.temporal.PromotionAttributes;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A model that the registry knows by another name than its file. */
@Timeout(180)
@Tag("S2.35")
class RegisteredNameTest extends LiveWatchScene {

  private static final String REGISTERED = "prod.ml.sugar";
  private static final String OF_ONE = "watch/prod/" + REGISTERED + "/1";
  private static final String OF_TWO = "watch/prod/" + REGISTERED + "/2";
  private static final String GOES_BACK = "rollback/prod/" + REGISTERED + "/1";

  @Test
  void itsWatchTakesBackThatModelAndNotTheOneThatIsRegisteredUnderTheFilesName() {
    world.registered = REGISTERED;
    engine.release(PromotionEngine.COMMIT, PromotionEngine.OTHER_COMMIT);
    Instant end = Instant.now().plusSeconds(60);
    while (!look(OF_ONE).state().ended()) {
      assertThat(Instant.now()).isBefore(end);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    engine.childOfAnEndedOneHasEnded();
    endpoints.answers =
        order -> order.served().endsWith("-2") ? FakeEndpoints.wrong("status 500") : good();

    LiveWatchView view = ended(OF_TWO);

    assertThat(view.state()).as(view.says()).isEqualTo(CourseView.State.REJECTED);
    assertThat(view.rollback()).isEqualTo(GOES_BACK);
    assertThat(live()).isEqualTo("version 1");
    WorkflowStub rollback = engine.workflow(GOES_BACK);
    assertThat(rollback.query("status", RollbackView.class).registered()).isEqualTo(REGISTERED);
    assertThat(rollback.describe().getTypedSearchAttributes().get(PromotionAttributes.MODEL))
        .as("by which people list it")
        .isEqualTo("diabetes");
  }
}
