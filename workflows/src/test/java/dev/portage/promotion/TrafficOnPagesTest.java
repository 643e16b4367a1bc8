package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.release.Release;
import dev.portage.serving.TrafficShare;
import dev.portage.step.StepProgress;
import dev.portage.step.StepView;
import dev.portage.text.MarkdownPage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What pages say of traffic that is moved, and of what went live. */
class TrafficOnPagesTest {

  private static final Instant NOW = Instant.parse("2026-11-30T11:00:00Z");
  private static final TrafficShare SHARE =
      TrafficShare.of("loyalty", "4", 10, List.of(10, 100))
          .watchedUntil(Instant.parse("2026-11-30T11:43:12Z"));

  @Test
  void theStepAndItsShareAreApartAndTheEndOfTheSoakIsTheReadersTime() {
    StepView serve = step(StepView.State.RUNNING, null);

    assertThat(page(PromotionState.RUNNING, "prod/serve: " + serve.line(), serve))
        .contains("prod/serve: 10 % of the traffic, soak ends QUARTER TO");
  }

  @Test
  void aFailedStepSaysTheEndOfItsSoakInTheReadersTime() {
    assertThat(
            page(
                PromotionState.RUNNING,
                "putting back",
                step(StepView.State.FAILED, "5 of 5 requests failed")))
        .contains("at: 10 % of the traffic, soak ends QUARTER TO")
        .doesNotContain("T11:43");
  }

  @Test
  void oncePromotionsHaveStoppedTheShareOfAFailedStepIsPast() {
    Problem failed =
        Problem.of(FailureKind.USER, "look", "workspace prod", "5 of 5 failed", "Fix it.");
    PromotionView stopped =
        view(PromotionState.STOPPED, "stopped at prod/serve: 5 of 5 failed").toBuilder()
            .problem(failed)
            .steps(List.of(step(StepView.State.FAILED, "5 of 5 failed")))
            .build();

    assertThat(MarkdownPage.of(PromotionPage.status(stopped), Instant::toString))
        .contains("failed: see why it stopped")
        .doesNotContain("of the traffic", "no look yet");
  }

  @Test
  void whereOnlyAnotherPromotionHelpsNothingOffersToResume() {
    Problem failed =
        Problem.of(
            FailureKind.USER,
            "run notebooks/train.py",
            "workspace dev",
            "no rows",
            "Fix the notebook in a new commit.");
    PromotionView stopped =
        view(PromotionState.STOPPED, "stopped at train: no rows").toBuilder()
            .problem(failed)
            .build();

    assertThat(MarkdownPage.of(PromotionPage.status(stopped), Instant::toString))
        .contains("portage cancel promotion/loyalty/x")
        .doesNotContain("resume");
    assertThat(MarkdownPage.of(PromotionPage.details(stopped), Instant::toString))
        .doesNotContain("resume");
  }

  @Test
  void whatHasEndedSaysWhenItWentLiveAndNotWhatIsLive() {
    PromotionView released =
        view(PromotionState.RELEASED, "released v4 in prod").toBuilder()
            .releases(
                List.of(
                    Release.of("promotion/loyalty/x", "prod", "ml.loyalty", "4", "d", NOW).build()))
            .build();

    assertThat(MarkdownPage.of(PromotionPage.report(released), at -> "NOON"))
        .contains("version 4 in prod, NOON")
        .contains("portage history loyalty")
        .contains("Went live")
        .doesNotContain("# Live");
  }

  @Test
  void theCommandThatAnAbortNamesIsNamedOnce() {
    Problem aborted =
        Problem.of(
            FailureKind.USER,
            "move traffic to version 4",
            "workspace prod",
            "aborted by ana@example.com",
            "All traffic goes back. To try again: portage resume promotion/loyalty/x");
    PromotionView stopped =
        view(PromotionState.STOPPED, "stopped at prod/serve: aborted by ana@example.com")
            .toBuilder()
            .problem(aborted)
            .build();

    assertThat(MarkdownPage.of(PromotionPage.status(stopped), Instant::toString))
        .containsOnlyOnce("portage resume promotion/loyalty/x");
  }

  private static StepView step(StepView.State state, @Nullable String result) {
    return new StepView(
        "prod/serve", state, 1, NOW, null, result, null, StepProgress.of(SHARE, "no look yet"));
  }

  private static PromotionView view(PromotionState state, String says) {
    return PromotionView.of(
            "promotion/loyalty/x", "loyalty", state, says, "f".repeat(64), "ana@example.com", NOW)
        .build();
  }

  private static String page(PromotionState state, String says, StepView step) {
    return MarkdownPage.of(
        PromotionPage.status(view(state, says).toBuilder().steps(List.of(step)).build()),
        at -> at.equals(SHARE.until()) ? "QUARTER TO" : "NOON");
  }
}
