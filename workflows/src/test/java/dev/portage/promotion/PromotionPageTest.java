package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Escalation;
import dev.portage.approval.Request;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.gate.Evidence;
import dev.portage.gate.GateOutcome;
import dev.portage.gate.GateResult;
import dev.portage.plan.Plan;
import dev.portage.step.StepView;
import dev.portage.text.Bounded;
import dev.portage.text.DetailsPage;
import dev.portage.text.MarkdownPage;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What pages say of what stopped, waits or was rejected. */
class PromotionPageTest {

  private static final Instant NOW = Instant.parse("2026-11-29T09:12:00Z");
  private static final String ID = "promotion/churn/0123456789ab";

  @Test
  void aFailureIsSaidOnce() {
    Problem problem = problem("ValueError: no rows");
    PromotionView stopped =
        view(PromotionState.STOPPED, "stopped at train: ValueError: no rows", problem);
    for (String page :
        List.of(
            MarkdownPage.of(PromotionPage.status(stopped), Instant::toString),
            DetailsPage.of(PromotionPage.details(stopped)))) {
      assertThat(page).contains("stopped at train").containsOnlyOnce("ValueError: no rows");
    }
    PromotionView failed = view(PromotionState.FAILED, "ValueError: no rows", problem);
    assertThat(DetailsPage.of(PromotionPage.details(failed)))
        .containsOnlyOnce("ValueError: no rows");
  }

  @Test
  void whatToDoIsCompleteHoweverLongTheRestIs() {
    String remedy = "Fix it here. ".repeat(200).strip() + "\nthen: portage resume " + ID;
    Problem problem =
        new Problem(
            FailureKind.USER,
            "run notebooks/train.py",
            "workspace dev",
            "x".repeat(20_000),
            remedy,
            IntStream.range(0, 100).mapToObj(i -> "line " + i + " " + "y".repeat(400)).toList(),
            URI.create("https://example.com/run"));
    PromotionView stopped =
        view(PromotionState.STOPPED, "stopped at train: xxx", problem).toBuilder()
            .requests(List.of(request(400, null)))
            .build();

    String page = DetailsPage.of(PromotionPage.details(stopped));

    assertThat(Bounded.size(page)).isLessThanOrEqualTo(Bounded.PAGE);
    assertThat(page).contains("then: portage resume " + ID);
    assertThat(page.split("Fix it here\\.", -1)).hasSize(201);
    int fence = page.indexOf("```", page.indexOf("Why it stopped"));
    assertThat(page.indexOf("Fix it here"))
        .as("below the block of code, whose long lines end out of sight")
        .isGreaterThan(page.indexOf("```", fence + 3));
  }

  @Test
  void whatWaitsSaysWhatToClickAndWhatToType() {
    PromotionView waiting =
        view(PromotionState.WAITING, "waiting for approval prod-1", null).toBuilder()
            .request("prod-1")
            .requests(List.of(request(1, new Escalation(List.of("heads"), NOW.plusSeconds(60)))))
            .build();
    assertThat(DetailsPage.of(PromotionPage.details(waiting)))
        .contains(
            "More Actions → Send an Update → `approve`, with the input `{\"request\":\"prod-1\",\"by\":\"")
        .contains("More Actions → Send an Update → `reject`")
        .contains("From 2026-11-29T09:13:00Z on, in place of any of these: one of heads.");
    PromotionView stopped = view(PromotionState.STOPPED, "stopped at train: no", problem("no"));
    assertThat(DetailsPage.of(PromotionPage.details(stopped)))
        .contains("More Actions → Send an Update → `resume`, with the input `{\"by\":\"");
  }

  @Test
  void whatWasRejectedShowsTheEvidenceOnWhichItWas() {
    PromotionView byAPerson =
        view(PromotionState.REJECTED, "rejected by ana", problem("rejected by ana")).toBuilder()
            .requests(List.of(request(3, null)))
            .build();
    assertThat(DetailsPage.of(PromotionPage.details(byAPerson)))
        .contains("### Evidence of request prod-1: fail")
        .contains("gate 2");
    PromotionView byGates =
        view(PromotionState.REJECTED, "gate 0", problem("gate 0")).toBuilder()
            .evidence(evidence(3))
            .build();
    assertThat(DetailsPage.of(PromotionPage.details(byGates)))
        .contains("### Evidence: fail")
        .contains("gate 2");
  }

  private static PromotionView view(PromotionState state, String says, @Nullable Problem problem) {
    return PromotionView.of(ID, "churn", state, says, "f".repeat(64), "sam@example.com", NOW)
        .problem(problem)
        .steps(
            problem == null
                ? List.of()
                : List.of(
                    new StepView(
                        "train",
                        StepView.State.FAILED,
                        1,
                        NOW,
                        NOW,
                        problem.cameBack(),
                        null,
                        null)))
        .build();
  }

  private static Problem problem(String cameBack) {
    return Problem.of(
        FailureKind.USER, "run notebooks/train.py", "workspace dev", cameBack, "Fix it.");
  }

  private static Request request(int gates, @Nullable Escalation escalation) {
    return new Request(
            "prod-1",
            "prod",
            "d".repeat(64),
            evidence(gates),
            new Plan("prod", List.of()),
            List.of("model-owners"),
            NOW,
            NOW.plusSeconds(120))
        .toBuilder().escalation(escalation).build();
  }

  private static Evidence evidence(int gates) {
    return new Evidence(
        "prod",
        IntStream.range(0, gates)
            .mapToObj(i -> new GateResult("gate " + i, GateOutcome.FAIL, "0.1", ">= 0.8"))
            .toList(),
        GateOutcome.FAIL,
        "3",
        "d".repeat(64),
        "e".repeat(64),
        "f".repeat(64));
  }
}
