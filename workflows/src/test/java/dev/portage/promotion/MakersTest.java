package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.identity.Authorship;
import dev.portage.identity.Involved;
import dev.portage.identity.Involved.Hand;
import dev.portage.tracking.Making;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who had a hand in what is promoted may not approve it. */
class MakersTest {
  private static final String OTHER = "b".repeat(40);
  private static final Authorship NOTHING_KNOWN =
      new Authorship(List.of(), List.of(), Map.of(), List.of(), false);

  @AutoClose private final PromotionEngine engine = new PromotionEngine();

  private final FakeWorld world = engine.world;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sam@Example.com",
        " sam@example.com ",
        "<sam@example.com>",
        "Sam Roe <SAM@example.com>",
        "sam@example.com.",
        "\uff53am@example.com",
        "KIM@example.com",
        "Kim <kim@EXAMPLE.com>"
      })
  void involvedPeopleMayNotApproveUnderAnotherSpelling(String name) {
    world.groups = Map.of();
    WorkflowStub promotion = engine.waiting();
    assertThat(approve(promotion, name).refused()).contains("can't approve it");
    assertThat(status(promotion).decisions()).isEmpty();
  }

  @Test
  void peopleInvolvedInTheCommitMayNotApprove() {
    world.groups = Map.of();
    PromotionStart start = PromotionEngine.start(List.of(), null);
    WorkflowStub promotion =
        engine.start(
            PromotionStart.of(start.model(), start.key())
                .file(start.fileName(), start.fileText(), start.fileHash())
                .commit(start.commit())
                .source(start.source())
                .startedBy(start.startedBy())
                .committer("lead@example.com")
                .people(List.of("Ana <ana@example.com>", "12+Rui@users.noreply.github.com"))
                .build());
    engine.untilState(promotion, PromotionState.WAITING);
    for (String name : List.of("ANA@example.com", "rui@users.noreply.github.com")) {
      assertThat(approve(promotion, name).refused()).contains("worked on the commit");
    }
    assertThat(approve(promotion, "lead@example.com").refused()).contains("made the commit");
    assertThat(approve(promotion, "eve@example.com").refused()).isNull();
  }

  @Test
  void whoeverTrainedAModelElsewhereMayNotApproveIt() {
    world.groups = Map.of();
    world.making = new Making(List.of(), List.of("Ana@example.com", "root"), false);
    WorkflowStub promotion = engine.start(elsewhere(NOTHING_KNOWN));
    engine.untilState(promotion, PromotionState.WAITING);
    assertThat(approve(promotion, "ana@example.com").refused()).contains("trained the model");
    assertThat(status(promotion).barred()).contains("Ana@example.com", "root");
    assertThat(status(promotion).notKnown())
        .containsExactly(
            "only its run says who made the model, and it names no commit: Ana@example.com");
    assertThat(approve(promotion, "eve@example.com").refused()).isNull();
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void authorsOfTheModelsCommitMayNotApproveIt() {
    world.groups = Map.of();
    world.making = new Making(List.of(OTHER), List.of(), false);
    WorkflowStub promotion =
        engine.start(
            elsewhere(
                new Authorship(
                    List.of(
                        new Involved(Hand.SOURCE, "ana@example.com"),
                        new Involved(Hand.SINCE, "ben@example.com")),
                    List.of(OTHER.substring(0, 12)),
                    Map.of(),
                    List.of(),
                    false)));
    engine.untilState(promotion, PromotionState.WAITING);
    assertThat(approve(promotion, "ANA@example.com").refused())
        .contains("worked on the commit that the model was trained from");
    assertThat(approve(promotion, "ben@example.com").refused())
        .contains("worked on a commit since the live one");
    assertThat(status(promotion).notKnown()).isEmpty();
    assertThat(approve(promotion, "eve@example.com").refused()).isNull();
  }

  @Test
  void unknownAuthorsRequireTwoApprovals() {
    world.making = new Making(List.of(OTHER), List.of(), false);
    WorkflowStub promotion = engine.start(elsewhere(NOTHING_KNOWN));
    engine.untilState(promotion, PromotionState.WAITING);
    assertThat(approve(promotion, "ana@example.com").text()).contains("still needed: anyone else");
    assertThat(approve(promotion, "<ANA@example.com>").refused())
        .contains("has already approved this");
    assertThat(approve(promotion, "eve@example.com").refused()).contains("Needed: anyone else");
    assertThat(status(promotion).says()).contains(": anyone else");
    assertThat(status(promotion).notKnown())
        .singleElement()
        .asString()
        .startsWith(
            "the people behind commit bbbbbbbbbbbb, which the model was trained from, are unknown");
    assertThat(approve(promotion, "rui@example.com").refused()).isNull();
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void namedAuthorsRequireOneApproval() {
    world.making = new Making(List.of(OTHER), List.of(), false);
    WorkflowStub promotion =
        engine.start(
            elsewhere(
                new Authorship(
                    List.of(new Involved(Hand.NAMED, "ana@example.com")),
                    List.of(),
                    Map.of(),
                    List.of(),
                    true)));
    engine.untilState(promotion, PromotionState.WAITING);
    assertThat(approve(promotion, "ana@example.com").refused())
        .contains("made the model (as the person who started this promotion says)");
    world.groups = Map.of("model-owners", List.of("ben@example.com"));
    assertThat(approve(promotion, "ben@example.com").refused()).isNull();
  }

  @Test
  void aReturnedRunOfAnotherCommitHasThatCommitsPeople() {
    world.groups = Map.of();
    PromotionStart start = PromotionEngine.start(List.of(), null);
    world.making = new Making(List.of(OTHER), List.of("ana@example.com"), true);
    WorkflowStub promotion = engine.start(start.knowing(List.of(), NOTHING_KNOWN));
    engine.untilState(promotion, PromotionState.WAITING);
    assertThat(approve(promotion, "ana@example.com").refused()).contains("trained the model");
    assertThat(approve(promotion, "eve@example.com").text()).contains("still needed: anyone else");
  }

  @Test
  void thePromotionsOwnRunAsIdentityIsNotInvolved() {
    PromotionStart start = PromotionEngine.start(List.of(), null);
    world.making =
        new Making(
            List.of(Objects.requireNonNull(start.commit())), List.of("ana@example.com"), true);
    WorkflowStub promotion = engine.start(start.knowing(List.of(), NOTHING_KNOWN));
    engine.untilState(promotion, PromotionState.WAITING);
    assertThat(approve(promotion, "ana@example.com").refused()).isNull();
    assertThat(promotion.getResult(PromotionView.class).notKnown()).isEmpty();
  }

  @Test
  void anOlderStartNeedsNoSecondPerson() {
    world.making = new Making(List.of(OTHER), List.of("eve@example.com"), false);
    world.registry.madeElsewhere("7");
    WorkflowStub promotion = engine.start(PromotionEngine.start(List.of(), "7"));
    engine.untilState(promotion, PromotionState.WAITING);
    assertThat(status(promotion).barred()).contains("eve@example.com");
    assertThat(status(promotion).notKnown()).hasSize(1);
    assertThat(approve(promotion, "ana@example.com").refused()).isNull();
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  private PromotionStart elsewhere(Authorship authorship) {
    world.registry.madeElsewhere("7");
    return PromotionEngine.start(List.of(), "7").knowing(List.of(), authorship);
  }

  @Test
  void aStarterUnderAMappedNameMayNotApprove() {
    world.groups = Map.of();
    world.people = Map.of("sam@example.com", List.of("s.roe@old.example.com", "SamR"));
    WorkflowStub promotion = engine.waiting();
    assertThat(approve(promotion, "samr").refused()).contains("samr started this promotion");
    assertThat(approve(promotion, "Eve").refused()).isNull();
  }

  private static Receipt approve(WorkflowStub promotion, String who) {
    return promotion.update("approve", Receipt.class, by(who, "prod-1"));
  }
}
