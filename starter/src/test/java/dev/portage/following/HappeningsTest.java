package dev.portage.following;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.copy.CopyProgress;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.promotion.PromotionState;
import dev.portage.promotion.PromotionView;
import dev.portage.promotion.StepView;
import dev.portage.promotion.StepView.State;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HappeningsTest {

  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  private final Happenings happenings = new Happenings();

  @Test
  void aStepIsToldOnceWithWhatItMadeAndHowLongItTook() {
    List<StepView> steps =
        List.of(
            new StepView(
                "train", State.DONE, 1, NOON, NOON.plusSeconds(41), "run 8f3a, rmse 53.4", null),
            new StepView("prod/copy", State.RUNNING, 1, NOON, null, null, null),
            new StepView("prod/batch", State.PENDING, 1, null, null, null, null));

    assertThat(happenings.since(look(true, steps)))
        .containsExactly("✓ train            run 8f3a, rmse 53.4  (41 s)");
    assertThat(happenings.since(look(true, steps))).isEmpty();
  }

  @Test
  void aStepThatFailedAgainIsToldAgain() {
    StepView first = new StepView("train", State.FAILED, 1, NOON, NOON.plusSeconds(1), "x", null);
    StepView second = new StepView("train", State.FAILED, 2, NOON, NOON.plusSeconds(9), "y", null);

    assertThat(happenings.since(look(true, List.of(first)))).hasSize(1);
    assertThat(happenings.since(look(true, List.of(second))))
        .singleElement()
        .asString()
        .contains("(attempt 2)");
  }

  @Test
  void theSilenceOfWorkersIsToldWhenItBeginsAndWhenItEnds() {
    assertThat(happenings.since(look(true, List.of()))).isEmpty();
    assertThat(happenings.since(look(false, List.of())))
        .containsExactly("… no worker is responding; the promotion is waiting for one");
    assertThat(happenings.since(look(false, List.of()))).isEmpty();
    assertThat(happenings.since(look(true, List.of())))
        .containsExactly("… a worker is responding again");
  }

  @Test
  void aRepeatedAttemptSaysWhyAndNotTwice() {
    assertThat(happenings.since(copying(2, "prod answers 503\nmore", 0)))
        .containsExactly("… retrying (attempt 2): prod answers 503");
    assertThat(happenings.since(copying(3, "prod answers 503\nmore", 0))).isEmpty();
  }

  private static Look copying(int attempt, @Nullable String trouble, long megabytes) {
    return new Look(
        view(List.of()),
        true,
        List.of(
            new Pending(
                "a1",
                "Copy",
                attempt,
                trouble,
                new CopyProgress(Phase.SENDING, 3, 7, megabytes << 20, 100L << 20))));
  }

  private static Look look(boolean told, List<StepView> steps) {
    return new Look(view(steps), told, List.of());
  }

  private static PromotionView view(List<StepView> steps) {
    return new PromotionView(
        "promotion/churn/1",
        "churn",
        PromotionState.RUNNING,
        "runs",
        null,
        null,
        "",
        "ana",
        null,
        NOON,
        null,
        List.of(),
        steps,
        null,
        List.of(),
        null,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        List.of(),
        List.of());
  }
}
