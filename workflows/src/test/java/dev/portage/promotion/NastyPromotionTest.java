package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Decision;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.People;
import dev.portage.approval.Receipt;
import dev.portage.approval.Refusal;
import dev.portage.approval.Request;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.gate.Evidence;
import dev.portage.gate.GateOutcome;
import dev.portage.gate.GateResult;
import dev.portage.identity.Involved;
import dev.portage.plan.Action;
import dev.portage.plan.Plan;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.EffectiveValue;
import dev.portage.step.StepView;
import dev.portage.temporal.Payloads;
import dev.portage.text.Bounded;
import dev.portage.text.DetailsPage;
import dev.portage.text.NastyTexts;
import dev.portage.text.Visible;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Texts of any size and kind never break the page, exceed its limits or end a promotion. */
class NastyPromotionTest {

  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  private final NastyTexts texts = new NastyTexts(7);

  @Test
  void thePageHoldsAnyTextWithinItsLimits() {
    for (int i = 0; i < 400; i++) {
      PromotionView view =
          view(texts.oneOf(PromotionState.RUNNING, PromotionState.WAITING, PromotionState.STOPPED));
      String page = DetailsPage.of(PromotionPage.details(view));
      assertThat(Bounded.size(page)).isLessThanOrEqualTo(Bounded.PAGE);
      assertThat(page.codePoints()).allMatch(c -> c == '\n' || Visible.isShown(c));
      List<String> headings =
          page.lines().filter(line -> line.startsWith("#") && !line.startsWith("##vso")).toList();
      assertThat(outsideFences(page))
          .filteredOn(line -> line.startsWith("#"))
          .allMatch(line ->
              line.matches(
                  "## .*|### (Who can approve .*|Evidence: .*|Plan for .*|Why it stopped|Steps|Refused messages|Notices)"));
      assertThat(headings).isNotEmpty();
      if (view.request() != null) {
        assertThat(page)
            .contains("portage approve promotion/diabetes/0123456789ab --request prod-1");
      }
      if (view.state() == PromotionState.STOPPED) {
        assertThat(page)
            .contains("portage resume promotion/diabetes/0123456789ab")
            .contains("do: fix it now");
      }
    }
  }

  @Test
  void aViewIsTruncatedToFitAndCountsWhatIsLeftOut() throws Exception {
    PromotionView large = view(PromotionState.WAITING, 400);
    PromotionView fitted = ViewSize.fitted(large, Bounded.RESULT);
    assertThat(Payloads.mapper().writeValueAsBytes(fitted).length)
        .isLessThanOrEqualTo(Bounded.RESULT);
    assertThat(fitted.leftOut()).containsKey("settings");
    assertThat(fitted.requests().getLast().name()).isEqualTo("prod-1");
    String json = Payloads.mapper().writeValueAsString(fitted);
    String again =
        Payloads.mapper()
            .writeValueAsString(Payloads.mapper().readValue(json, PromotionView.class));
    assertThat(again.equals(json)).as("it is read as it was written").isTrue();
    PromotionView small = view(PromotionState.WAITING, 0);
    assertThat(ViewSize.fitted(small, Bounded.RESULT)).isSameAs(small);
  }

  @Test
  void everyMessageIsAcceptedOrRefused() {
    ApprovalDesk desk =
        new ApprovalDesk(List.of(new Involved(Involved.Hand.STARTED, texts.text())));
    Request request = request("prod-1", 1);
    desk.open(request, new ApprovalPolicy("all", List.of("owners"), Map.of(), Duration.ofDays(1)));
    for (int i = 0; i < 3_000; i++) {
      DecisionMessage message =
          new DecisionMessage(
              texts.below(2) == 0 ? "prod-1" : texts.text(),
              texts.text(),
              texts.text(),
              texts.below(3) == 0 ? texts.text() : null,
              texts.text());
      Verdict verdict = texts.oneOf(Verdict.APPROVE, Verdict.REJECT, Verdict.RESUME);
      Optional<String> refusal = desk.refusalAtOnce(verdict, message);
      Receipt receipt =
          refusal.isPresent()
              ? desk.refuse(verdict, message, "m", refusal.get(), NOON)
              : desk.take(verdict, message, People.NOBODY, NOON, "m");
      assertThat(Bounded.size(receipt.text())).isLessThan(2_000);
      assertThat(receipt.text().codePoints()).allMatch(Visible::isShown);
    }
    assertThat(desk.refusals())
        .hasSizeLessThanOrEqualTo(20)
        .allSatisfy(refusal -> {
          assertThat(Bounded.size(refusal.message() + refusal.reason())).isLessThan(1_000);
          assertThat((refusal.message() + refusal.reason()).codePoints())
              .allMatch(Visible::isShown);
        });
  }

  @Test
  void aTwoMegabyteCommentEndsNoPromotion() {
    try (PromotionEngine engine = new PromotionEngine()) {
      WorkflowStub promotion = engine.start();
      engine.untilState(promotion, PromotionState.WAITING);
      Receipt receipt =
          promotion.update(
              "approve",
              Receipt.class,
              new DecisionMessage(
                  "prod-1", "ana@example.com", "x".repeat(1_900_000) + "\ud800", null, null));
      assertThat(receipt.refused()).isNull();
      assertThat(receipt.text()).contains("of the comment were kept");
      PromotionView view = promotion.getResult(PromotionView.class);
      assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
      assertThat(Bounded.size(String.valueOf(view.decisions().getFirst().comment())))
          .isLessThanOrEqualTo(Bounded.COMMENT);
    }
  }

  @Test
  void messagesAndFailuresAreBoundedForLaterUse() {
    String huge = "\u7cbe# <b>".repeat(40_000);
    try (PromotionEngine engine = new PromotionEngine()) {
      engine.world.failNext(
          "findRun",
          Failures.of(
              new Problem(
                  FailureKind.USER,
                  "run",
                  "workspace dev",
                  huge,
                  "fix it",
                  List.of(huge, huge),
                  URI.create("https://example.com/" + "a".repeat(9_000)))));
      WorkflowStub promotion = engine.start();
      PromotionView stopped = engine.untilState(promotion, PromotionState.STOPPED);
      assertThat(Bounded.size(stopped.says())).isLessThanOrEqualTo(Bounded.COMMENT);
      for (String verb : List.of("resume", "approve", "unknown message")) {
        promotion.signal(verb, new DecisionMessage(huge, huge, huge, huge, huge));
      }
      promotion.signal("approve", huge);
      engine.until(promotion, view -> view.refused().size() == 4);
      assertThat(promotion.update("resume", Receipt.class, by(huge, "stop-1")).refused())
          .contains("longer than");
      assertThatThrownBy(() -> promotion.update("approve", Receipt.class))
          .as("nobody who sends nothing looks into a receipt")
          .isInstanceOf(WorkflowUpdateException.class)
          .hasStackTraceContaining("who sent it");
      promotion.update(
          "resume",
          Receipt.class,
          new DecisionMessage("stop-1", "sam@example.com", huge, null, null));
      engine.untilState(promotion, PromotionState.WAITING);
      promotion.update(
          "reject",
          Receipt.class,
          new DecisionMessage("prod-1", "ana@example.com", huge, null, null));
      assertThat(engineEnd(promotion).state()).isEqualTo(PromotionState.REJECTED);
      assertThat(status(promotion).refused()).hasSize(6);
    }
  }

  @Test
  void aCancelReasonIsABoundedLine() {
    try (PromotionEngine engine = new PromotionEngine()) {
      WorkflowStub promotion = engine.start();
      engine.untilState(promotion, PromotionState.WAITING);
      promotion.cancel("by ana@example.com: " + "\n# no\u001b[2J".repeat(1_000));
      PromotionView view = engine.until(promotion, now -> now.state() == PromotionState.CANCELLED);
      assertThat(Bounded.size(view.says())).isLessThan(1_000);
      assertThat(view.says()).startsWith("cancelled by ana@example.com").contains("\\u001b");
      assertThat(view.says().codePoints()).allMatch(Visible::isShown);
    }
  }

  private static PromotionView engineEnd(WorkflowStub promotion) {
    try {
      return promotion.getResult(PromotionView.class);
    } catch (WorkflowFailedException failed) {
      return status(promotion);
    }
  }

  /** Lines of a page outside code blocks. */
  private static List<String> outsideFences(String page) {
    List<String> outside = new java.util.ArrayList<>();
    String fence = null;
    for (String line : page.lines().toList()) {
      if (fence == null && line.startsWith("```")) {
        fence = line.replaceAll("[^`]", "");
      } else if (fence != null) {
        fence = line.equals(fence) ? null : fence;
      } else {
        outside.add(line);
      }
    }
    return outside;
  }

  private PromotionView view(PromotionState state) {
    return view(state, texts.below(40));
  }

  private PromotionView view(PromotionState state, int size) {
    boolean waiting = state == PromotionState.WAITING;
    return PromotionView.of(
            "promotion/diabetes/0123456789ab",
            "diabetes",
            state,
            texts.text(),
            "f".repeat(64),
            texts.text(),
            NOON)
        .committer(texts.text())
        .path(List.of("dev", "prod"))
        .steps(
            times(
                size,
                () ->
                    new StepView(
                        texts.text(),
                        StepView.State.DONE,
                        1,
                        NOON,
                        NOON,
                        texts.text(),
                        URI.create("https://example.com/(x)"),
                        null)))
        .request(waiting ? "prod-1" : null)
        .requests(waiting ? List.of(request("prod-0", size), request("prod-1", size)) : List.of())
        .decisions(
            times(
                size,
                () ->
                    Decision.of(texts.text(), "prod-0", Verdict.RESUME, texts.text(), NOON)
                        .comment(texts.text())
                        .build()))
        .refused(times(Math.min(20, size), () -> new Refusal(texts.text(), texts.text(), NOON)))
        .notices(times(size, texts::text))
        .problem(
            new Problem(
                FailureKind.USER,
                texts.text(),
                texts.text(),
                texts.text(),
                texts.text() + "\ndo: fix it now",
                texts.texts(60),
                null))
        .settings(times(size * 10, () -> new EffectiveValue(texts.text(), texts.text(), "default")))
        .people(times(size, texts::text))
        .gaps(times(size, texts::text))
        .build();
  }

  private Request request(String name, int size) {
    return new Request(
        name,
        "prod",
        "a".repeat(64),
        new Evidence(
            "prod",
            times(
                size,
                () -> new GateResult(texts.text(), GateOutcome.PASS, texts.text(), texts.text())),
            GateOutcome.PASS,
            null,
            "a".repeat(64),
            "b",
            "c"),
        new Plan(
            "prod",
            times(size, () -> new Action("prod/batch", texts.text(), texts.text(), texts.text()))),
        List.of("owners"),
        NOON,
        NOON.plus(Duration.ofDays(14)));
  }

  private static <T> List<T> times(int number, java.util.function.Supplier<T> one) {
    return java.util.stream.Stream.generate(one).limit(number).toList();
  }
}
