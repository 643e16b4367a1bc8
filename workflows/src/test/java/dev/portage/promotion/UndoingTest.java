package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.Receipt;
import dev.portage.job.JobState;
import dev.portage.job.RunResult;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where what a hop changed can't be put back, a person is told what is there and what to run. */
@Timeout(120)
class UndoingTest {

  private static final JobState BEFORE =
      JobState.of(7, "diabetes-batch", "hash-0").scores("5", null).build();

  private static final String BY_HAND =
      "mlflow artifacts download -u mlflow-artifacts:/undo.json -d . && jq '{job_id: 7,"
          + " new_settings: .}' undo.json > reset.json && databricks jobs reset --json @reset.json";

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  @Tag("S1.11")
  void aFailedUndoStopsWithTheStateAndTheCommandAndGivesTheTurnBack() {
    world.jobs.job = BEFORE;
    world.jobs.endNext("batch", RunResult.Ending.FAILED);
    world.refuse("put job back", FakeWorld.userFault("you may not manage jobs"));
    WorkflowStub promotion = engine.approved();

    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(engine.lane("prod").holder()).isNull();
    assertThat(view.says()).startsWith("stopped at prod/batch: ");
    assertThat(Objects.requireNonNull(view.problem()).remedy())
        .contains("could not be put back: you may not manage jobs")
        .contains("before it was: job 7 with version 5")
        .contains("now it is: job 7 with version 1 at 0123456789ab")
        .contains(BY_HAND);

    world.allow("put job back");
    resume(promotion, "stop-1");
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.effects).containsSubsequence("put job back", "reset job", "run job");
  }

  @Test
  @Tag("S1.11")
  void aCancelledPromotionWaitsForAPersonUntilItIsPutBack() {
    world.jobs.job = BEFORE;
    world.jobs.last("batch");
    world.refuse("put job back", FakeWorld.userFault("you may not manage jobs"));
    WorkflowStub promotion = engine.approved();
    engine.until(promotion, view -> world.jobs.awaited());

    promotion.cancel("by ana@example.com: wrong data");

    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(engine.lane("prod").holder()).isNull();
    assertThat(Objects.requireNonNull(view.problem()).message())
        .contains("could not be put back: you may not manage jobs")
        .contains("By hand: " + BY_HAND)
        .contains("portage resume " + PromotionEngine.id(promotion));

    world.allow("put job back");
    resume(promotion, "stop-1");
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class))
        .isInstanceOf(WorkflowFailedException.class);
    PromotionView end = PromotionEngine.status(promotion);
    assertThat(end.state()).isEqualTo(PromotionState.CANCELLED);
    assertThat(world.jobs.job).isEqualTo(BEFORE);
    assertThat(engine.lane("prod").holder()).isNull();
  }

  @Test
  @Tag("S1.11")
  void somethingElseThatWasFoundIsLeftByTheOrderOfAPerson() {
    world.jobs.job = BEFORE;
    world.jobs.last("batch");
    world.jobs.changedSince = true;
    WorkflowStub promotion = engine.approved();
    engine.until(promotion, view -> world.jobs.awaited());

    promotion.cancel("by ana@example.com: wrong data");
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(Objects.requireNonNull(view.problem()).cameBack())
        .contains("has since been changed by someone else")
        .contains("now it is: job 7 with version 1");

    resume(promotion, "stop-1");
    assertThatThrownBy(() -> promotion.getResult(PromotionView.class))
        .isInstanceOf(WorkflowFailedException.class);
    PromotionView end = PromotionEngine.status(promotion);
    assertThat(end.state()).isEqualTo(PromotionState.CANCELLED);
    assertThat(end.notices()).anyMatch(notice -> notice.endsWith("; it stays as it is"));
  }

  @Test
  void nothingIsPutBackUnderAChampionThatIsOursByNow() {
    world.jobs.job = BEFORE;
    world.jobs.endNext("batch", RunResult.Ending.FAILED);
    world.refuse("put job back", FakeWorld.userFault("you may not manage jobs"));
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.STOPPED);
    long tried = world.count("put job back");

    world.allow("put job back");
    world.jobs.job = BEFORE;
    world.registry.isChampion("1", world.metrics, PromotionEngine.COMMIT);
    resume(promotion, "stop-1");

    engine.until(promotion, view -> view.state() != PromotionState.STOPPED);
    engine.until(promotion, view -> view.state().ended() || view.state() == PromotionState.WAITING);
    assertThat(world.count("put job back")).isEqualTo(tried);
  }

  @Test
  @Tag("S1.11")
  void aChangeThatNobodyCouldLookAtIsPutBackOnceItCanBeRead() {
    world.jobs.job = BEFORE;
    WorkflowStub promotion = engine.waiting();
    world.loseNextAnswer("applyJob");
    world.failNext("answer of applyJob", FakeWorld.userFault("you may not manage jobs"));
    world.passNext("findJob");
    world.failNext("findJob", FakeWorld.userFault("you may not view jobs"));
    world.failNext("findJob", FakeWorld.userFault("you may not view jobs"));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));

    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(Objects.requireNonNull(view.problem()).remedy())
        .contains("job diabetes-batch, which may have been changed, in prod could not be put back")
        .contains("databricks jobs list --name 'diabetes-batch'");
    assertThat(world.count("put job back")).isZero();

    resume(promotion, "stop-1");
    assertThat(promotion.getResult(PromotionView.class).requests()).hasSize(1);
    assertThat(world.effects)
        .containsSubsequence("reset job", "put job back", "reset job", "run job");
  }

  @Test
  void withoutTheTurnNothingIsPutBack() {
    world.jobs.endNext("batch", RunResult.Ending.FAILED);
    world.refuse("put job back", FakeWorld.userFault("you may not manage jobs"));
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.STOPPED);

    world.allow("put job back");
    world.failNext("request", FakeWorld.userFault("no lanes today"));
    resume(promotion, "stop-1");
    engine.until(promotion, view -> view.says().startsWith("stopped at prod/turn"));
    assertThat(world.count("put job back")).isZero();

    resume(promotion, "stop-2");
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    assertThat(world.count("put job back")).isOne();
  }

  private static void resume(WorkflowStub promotion, String stop) {
    promotion.update("resume", Receipt.class, by("sam@example.com", stop));
  }
}
