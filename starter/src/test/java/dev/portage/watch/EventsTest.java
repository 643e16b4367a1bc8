package dev.portage.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.copy.CopyProgress;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.page.TerminalPage;
import dev.portage.promotion.PromotionState;
import dev.portage.promotion.PromotionView;
import dev.portage.serving.TrafficShare;
import dev.portage.step.StepProgress;
import dev.portage.step.StepView;
import dev.portage.step.StepView.State;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventsTest {

  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  private final Events events =
      new Events(new TerminalPage(Clock.fixed(NOON, ZoneId.of("Europe/Berlin")))::line);

  @Test
  void aStepIsReportedOnceWithWhatItMadeAndHowLongItTook() {
    List<StepView> steps =
        List.of(
            new StepView(
                "train",
                State.DONE,
                1,
                NOON,
                NOON.plusSeconds(41),
                "run 8f3a, rmse 53.4",
                null,
                null),
            new StepView("prod/copy", State.RUNNING, 1, NOON, null, null, null, null),
            new StepView("prod/batch", State.PENDING, 1, null, null, null, null, null));

    assertThat(events.since(look(true, steps)))
        .containsExactly("✓ train            run 8f3a, rmse 53.4  (41 s)");
    assertThat(events.since(look(true, steps))).isEmpty();
  }

  @Test
  void eachShareOfTheTrafficIsReportedOnceWhenItIsWatched() {
    TrafficShare none = TrafficShare.of("churn", "4", 0, List.of(5, 25, 50, 100));
    TrafficShare quarter = TrafficShare.of("churn", "4", 25, List.of(5, 25, 50, 100));
    TrafficShare watched = quarter.watchedUntil(NOON.plusSeconds(240));

    assertThat(events.since(moves(none, "version 4 at 0 %")))
        .containsExactly("▶ prod/serve       0 % of the traffic, 0 of 4 steps");
    assertThat(events.since(moves(none, "smoke test of version 4"))).isEmpty();
    assertThat(events.since(moves(quarter, "25 % to version 4"))).isEmpty();
    assertThat(events.since(moves(watched, "not looked at yet")))
        .containsExactly("▶ prod/serve       25 % of the traffic, soak ends 13:04, 2 of 4 steps");
    assertThat(events.since(moves(watched, "5 requests by Portage, 0 failed"))).isEmpty();
  }

  private static Snapshot moves(TrafficShare share, String text) {
    return look(
        true,
        List.of(
            new StepView(
                "prod/serve",
                State.RUNNING,
                1,
                NOON,
                null,
                null,
                null,
                StepProgress.of(share, text))));
  }

  @Test
  void aStepThatFailedAgainIsReportedAgain() {
    StepView first =
        new StepView("train", State.FAILED, 1, NOON, NOON.plusSeconds(1), "x", null, null);
    StepView second =
        new StepView("train", State.FAILED, 2, NOON, NOON.plusSeconds(9), "y", null, null);

    assertThat(events.since(look(true, List.of(first)))).hasSize(1);
    assertThat(events.since(look(true, List.of(second))))
        .singleElement()
        .asString()
        .contains("(attempt 2)");
  }

  @Test
  void workersSilenceIsReportedWhenItStartsAndEnds() {
    assertThat(events.since(look(true, List.of()))).isEmpty();
    assertThat(events.since(look(false, List.of())))
        .containsExactly("… no worker is responding; the promotion is waiting for one");
    assertThat(events.since(look(false, List.of()))).isEmpty();
    assertThat(events.since(look(true, List.of())))
        .containsExactly("… a worker is responding again");
  }

  @Test
  void aRetrySaysWhyOnce() {
    assertThat(events.since(copying(2, "prod answers 503\nmore", 0)))
        .containsExactly("… retrying (attempt 2): prod answers 503");
    assertThat(events.since(copying(3, "prod answers 503\nmore", 0))).isEmpty();
  }

  private static Snapshot copying(int attempt, @Nullable String trouble, long megabytes) {
    return new Snapshot(
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

  private static Snapshot look(boolean told, List<StepView> steps) {
    return new Snapshot(view(steps), told, List.of());
  }

  private static PromotionView view(List<StepView> steps) {
    return PromotionView.of(
            "promotion/churn/1", "churn", PromotionState.RUNNING, "runs", "", "ana", NOON)
        .steps(steps)
        .build();
  }
}
