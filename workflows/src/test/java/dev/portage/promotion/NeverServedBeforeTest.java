package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.history.HistoryKind;
import dev.portage.livewatch.LiveWatchView;
import dev.portage.settings.ServeSettings;
import dev.portage.step.CourseView;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A version that is watched, where the release before it was not served by that endpoint. */
@Timeout(180)
@Tag("S2.35")
class NeverServedBeforeTest extends LiveWatchScene {

  @Test
  void nothingGoesBackWhereTheTrafficWouldStay() {
    release(PromotionEngine.COMMIT, null);

    isLeftAsItIs();
  }

  @Test
  void norWhereTheReleaseBeforeWasServedByAnotherEndpoint() {
    release(PromotionEngine.COMMIT, ServeSettings.of("former"));

    isLeftAsItIs();

    assertThat(endpoints.of("former").text()).isEqualTo("version 1");
  }

  private void isLeftAsItIs() {
    release(PromotionEngine.OTHER_COMMIT, watched(Duration.ofHours(24)));
    turnsBad("2", "status 500");

    LiveWatchView view = ended(SECOND);

    assertThat(view.state()).isEqualTo(CourseView.State.FAILED);
    assertThat(Objects.requireNonNull(view.problem()).cameBack())
        .contains(
            "it was not rolled back: the release before it, version 1, was not served by endpoint"
                + " diabetes, so a rollback would leave all of its traffic where it is");
    assertThat(view.held()).isTrue();
    assertThat(view.rollback()).isNull();
    assertThat(world.registry.marks).containsEntry("prod/champion", "2");
    assertThat(live()).isEqualTo("version 2");
    assertThat(world.log).noneMatch(event -> event.kind() == HistoryKind.ROLLBACK);
  }

  private void release(String commit, @Nullable ServeSettings serve) {
    world.serve = serve;
    engine.release(commit);
  }
}
