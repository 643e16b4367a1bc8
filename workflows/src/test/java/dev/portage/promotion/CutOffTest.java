package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.COMMIT;
import static dev.portage.promotion.PromotionEngine.OTHER_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.job.RunRef;
import dev.portage.quarantine.Quarantined;
import dev.portage.registry.Tags;
import dev.portage.rollback.RollbackView;
import dev.portage.scoring.RemoveOrder;
import dev.portage.step.CourseView.State;
import dev.portage.step.StepView;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Workflows that were terminated once the champion had moved: no code of theirs runs any more, and
 * the next rollback does what they left undone.
 */
@Timeout(180)
class CutOffTest {

  private static final String THIRD_COMMIT = "1111111111111111111111111111111111111111";

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;
  private int rollbacks;

  @Test
  void theSameCommandFinishesARollbackThatWasNeverRecorded() {
    engine.release(COMMIT, OTHER_COMMIT, THIRD_COMMIT);
    world.refuse("appendEvent", FakeWorld.platformFault("502"));
    cutOff(rollback(null), "record");
    world.allow("appendEvent");
    assertThat(world.log).extracting(HistoryEvent::kind).doesNotContain(HistoryKind.ROLLBACK);
    // Beside the record, the first one may already have removed what readers should not see.
    world.scoring.removedBatches.clear();

    RollbackView view = done(rollback(null));

    assertThat(world.registry.marks).as("no further back").containsEntry("prod/champion", "2");
    assertThat(Objects.requireNonNull(view.plan()).remarks())
        .anyMatch(remark ->
            remark.contains("the log still says that version 3 is live")
                && remark.contains("this rollback finishes"));
    leftIsSettled(view, THIRD_COMMIT, "3");
  }

  @Test
  void aRollbackThatWasRecordedAndNotFinishedIsFinishedByNamingItsVersion() {
    engine.release(COMMIT, OTHER_COMMIT);
    world.refuse("quarantine", FakeWorld.platformFault("502"));
    cutOff(rollback(null), "quarantine");
    world.allow("quarantine");
    world.scoring.removedBatches.clear();

    RollbackView view = done(rollback("1"));

    assertThat(Objects.requireNonNull(view.plan()).remarks())
        .anyMatch(remark ->
            remark.contains("rollback/prod/diabetes/1 was terminated")
                && remark.contains("this rollback finishes"));
    leftIsSettled(view, OTHER_COMMIT, "2");
  }

  @Test
  void onceItIsFinishedThereIsNothingLeftToDo() {
    engine.release(COMMIT, OTHER_COMMIT);
    world.refuse("quarantine", FakeWorld.platformFault("502"));
    cutOff(rollback(null), "quarantine");
    world.allow("quarantine");
    done(rollback("1"));

    assertThat(refused(rollback("1"))).contains("version 1 is live there already");
    assertThat(refused(rollback(null))).contains("version 1 has no release before it");
  }

  @Test
  void aPromotionThatWasNeverRecordedIsLeftAsOneThatWas() {
    engine.release(COMMIT);
    world.registry.tellsDigests = true;
    world.refuse("record", FakeWorld.platformFault("502"));
    world.refuse("appendEvent", FakeWorld.platformFault("502"));
    WorkflowStub promotion = engine.approved(OTHER_COMMIT);
    engine.until(promotion, view -> "2".equals(world.registry.marks.get("prod/champion")));
    engine.until(promotion, view -> engine.lane("prod").holder() == null);
    promotion.terminate("in the Web UI");
    world.allow("record");
    world.allow("appendEvent");

    RollbackView view = done(rollback(null));

    assertThat(world.registry.marks).containsEntry("prod/champion", "1");
    leftIsSettled(view, OTHER_COMMIT, "2");
  }

  @Test
  void aChampionThatSomebodyMovedForwardByHandIsLeft() {
    engine.release(COMMIT, OTHER_COMMIT);
    done(rollback(null));
    world.registry.isChampion("2", world.metrics, OTHER_COMMIT);

    done(rollback(null));

    assertThat(world.registry.marks).containsEntry("prod/champion", "1");
    assertThat(world.clearance.entries).extracting(Quarantined::version).containsOnly("2");
  }

  @Test
  void theRunOfATerminatedPromotionIsEndedSoThatItPublishesNothing() {
    engine.release(COMMIT, OTHER_COMMIT);
    RunRef run = new RunRef("prod", 7L, 99, URI.create("https://prod.example.com/run/99"));
    world.jobs.isLeft("promotion/diabetes/terminated", run);

    RollbackView view = done(rollback(null));

    assertThat(world.effects).contains("cancel run left 99");
    assertThat(view.steps())
        .filteredOn(step -> step.name().equals("batch"))
        .singleElement()
        .satisfies(step ->
            assertThat(step.line())
                .contains("run 99 of job 7 in prod was left by promotion/diabetes/terminated"));
  }

  @Test
  void aRunThatMayNotBeEndedIsToldAndHoldsNothingUp() {
    engine.release(COMMIT, OTHER_COMMIT);
    RunRef run = new RunRef("prod", 7L, 99, URI.create("https://prod.example.com/run/99"));
    world.jobs.isLeft("promotion/diabetes/terminated", run);
    world.refuse("cancelRun", FakeWorld.userFault("you may not manage runs"));

    RollbackView view = done(rollback(null));

    assertThat(view.steps())
        .filteredOn(step -> step.name().equals("batch"))
        .singleElement()
        .satisfies(
            step -> assertThat(step.line()).contains("so look there: ", "you may not manage runs"));
  }

  /** The record, the quarantine, one live label and the rows of what was left. */
  private void leftIsSettled(RollbackView view, String commit, String version) {
    assertThat(world.log)
        .last()
        .satisfies(event -> {
          assertThat(event.workflow()).isEqualTo(view.id());
          assertThat(Objects.requireNonNull(event.release()).previousVersion()).isEqualTo(version);
        });
    assertThat(world.clearance.entries)
        .singleElement()
        .extracting(Quarantined::version, Quarantined::commit)
        .containsExactly(version, commit);
    assertThat(world.scoring.removedBatches)
        .singleElement()
        .extracting(RemoveOrder::batchId)
        .isEqualTo("promotion/diabetes/" + commit.substring(0, 12) + "/prod");
    String live = Objects.requireNonNull(world.registry.marks.get("prod/champion"));
    assertThat(world.registry.tagsOf("prod", live)).containsEntry(Tags.RELEASE, Tags.LIVE);
    assertThat(world.registry.tagsOf("prod", version)).containsEntry(Tags.RELEASE, Tags.SUPERSEDED);
  }

  /** Terminates it once that step has failed, which it would try again. */
  private void cutOff(WorkflowStub rollback, String step) {
    until(
        rollback,
        view ->
            view.steps().stream()
                .anyMatch(one -> one.name().equals(step) && one.state() == StepView.State.FAILED));
    // Whoever ended with the turn in hand is waited out first.
    until(rollback, view -> engine.lane("prod").holder() == null);
    rollback.terminate("in the Web UI");
  }

  private WorkflowStub rollback(@Nullable String to) {
    rollbacks++;
    WorkflowStub stub = engine.workflow("RollbackWorkflow", "rollback/prod/diabetes/" + rollbacks);
    stub.start(FakeRollbacks.order(to));
    return stub;
  }

  private static RollbackView done(WorkflowStub rollback) {
    RollbackView view = rollback.getResult(RollbackView.class);
    assertThat(view.state()).as(view.toString()).isEqualTo(State.DONE);
    assertThat(view.unfinished()).isEmpty();
    return view;
  }

  private static String refused(WorkflowStub rollback) {
    try {
      rollback.getResult(RollbackView.class);
    } catch (WorkflowFailedException failed) {
      if (failed.getCause() instanceof ApplicationFailure failure) {
        RollbackView view = failure.getDetails().get(RollbackView.class);
        return Objects.requireNonNull(view.problem()).message();
      }
    }
    throw new AssertionError("it was not refused");
  }

  private void until(WorkflowStub rollback, Predicate<RollbackView> wanted) {
    Instant end = Instant.now().plusSeconds(60);
    while (!wanted.test(rollback.query("status", RollbackView.class))) {
      assertThat(Instant.now()).isBefore(end);
      engine.environment.sleep(Duration.ofMillis(100));
    }
  }
}
