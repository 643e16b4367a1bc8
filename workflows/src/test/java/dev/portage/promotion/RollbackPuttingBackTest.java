package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.OTHER_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.Receipt;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.job.JobState;
import dev.portage.rollback.RollbackView;
import dev.portage.step.CourseView.State;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a rollback puts back when it fails or is cancelled halfway. */
class RollbackPuttingBackTest extends RollbackScene {

  @Test
  void aFailureHalfwayIsPutBackAndResumed() {
    released(2);
    WorkflowStub rollback = failingAtTheChampion();

    RollbackView stopped = untilStopped(rollback);

    assertThat(stopped.next()).isEqualTo("portage resume " + ID);
    assertThat(world.effects.stream().filter(effect -> effect.startsWith("restore job")).count())
        .as("forwards, and back")
        .isEqualTo(2);
    assertThat(world.registry.marks).containsEntry("prod/champion", "2");
    assertThat(engine.lane("prod").holder()).isNull();

    rollback.update("resume", Receipt.class, Map.of("by", "rui@example.com"));

    assertThat(rollback.getResult(RollbackView.class).state()).isEqualTo(State.DONE);
    assertThat(world.registry.marks).containsEntry("prod/champion", "1");
  }

  @Test
  void aFailureHalfwayPutsTheFoundJobBackThoughItsResetHadPausedIt() {
    world.jobs.resumes = "UNPAUSED";
    released(2);
    JobState found = world.jobs.job;
    WorkflowStub rollback = failingAtTheChampion();

    RollbackView stopped = untilStopped(rollback);

    assertThat(stopped.notices()).anyMatch(notice -> notice.startsWith("batch was put back: "));
    assertThat(world.jobs.job).isEqualTo(found);
  }

  @Test
  void aJobThatNobodyCouldResumeIsPutBackAsItsReleaseWantsIt() {
    world.jobs.resumes = "UNPAUSED";
    released(2);
    JobState live = Objects.requireNonNull(world.jobs.job);
    world.jobs.job =
        JobState.of(live.jobId(), live.name(), "hash-2-paused")
            .scores(live.modelVersion(), live.commit())
            .madeBy(live.promotion(), live.previousHash(), live.undoUri())
            .resumes("UNPAUSED", live.settingsHash())
            .build();
    WorkflowStub rollback = failingAtTheChampion();

    untilStopped(rollback);

    assertThat(world.jobs.job).isEqualTo(live);
  }

  @Test
  void aJobThatWasEditedByHandIsPutBackAsItWasFound() {
    released(2);
    JobState live = Objects.requireNonNull(world.jobs.job);
    world.jobs.job =
        JobState.of(live.jobId(), live.name(), "hash-by-hand")
            .scores(live.modelVersion(), live.commit())
            .madeBy(live.promotion(), live.previousHash(), live.undoUri())
            .build();
    WorkflowStub rollback = failingAtTheChampion();

    RollbackView stopped = untilStopped(rollback);

    assertThat(Objects.requireNonNull(world.jobs.job).settingsHash()).isEqualTo("hash-by-hand");
    assertThat(stopped.notices())
        .noneMatch(notice -> notice.contains("could not be put back"))
        .anyMatch(notice -> notice.startsWith("batch was put back: "));
  }

  @Test
  void aJobThatWasPutBackThoughTheAnswerWasLostIsPutBack() {
    released(2);
    JobState found = world.jobs.job;
    world.failNext("mark", FakeWorld.userFault("you may not move it"));
    world.passNext("answer of restoreJob");
    world.failNext("answer of restoreJob", FakeWorld.userFault("connection reset"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));

    RollbackView stopped = untilStopped(rollback);

    assertThat(world.jobs.job).isEqualTo(found);
    assertThat(stopped.notices())
        .anyMatch(notice -> notice.startsWith("batch was put back, although"))
        .noneMatch(notice -> notice.contains("could not be put back"));
  }

  @Test
  void whatCannotBePutBackIsInTheProblemAndHoldsACancelledRollback() {
    released(2);
    JobState found = world.jobs.job;
    world.failNext("mark", FakeWorld.userFault("you may not move it"));
    world.passNext("restoreJob");
    world.failNext("restoreJob", FakeWorld.userFault("you may not edit it"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));

    RollbackView stopped = untilStopped(rollback);
    assertThat(Objects.requireNonNull(stopped.problem()).message())
        .contains("you may not move it")
        .contains("batch in prod could not be put back")
        .contains("databricks jobs reset");
    rollback.cancel();
    RollbackView held = until(rollback, view -> view.state() == State.STOPPED && saysPutBack(view));
    assertThat(held.next()).isEqualTo("portage resume " + ID);
    assertThat(engine.lane("prod").holder()).isNull();
    rollback.update("resume", Receipt.class, Map.of("by", "rui@example.com"));

    assertThatThrownBy(() -> rollback.getResult(RollbackView.class))
        .hasCauseInstanceOf(CanceledFailure.class);
    assertThat(world.jobs.job).isEqualTo(found);
    assertThat(world.registry.marks).containsEntry("prod/champion", "2");
  }

  @Test
  void whatOthersMadeLiveMeanwhileStaysAndAPersonIsTold() {
    WorkflowStub rollback = stoppedHalfway();
    world.registry.isChampion("9", Map.of(), OTHER_COMMIT);
    long restored = world.count("restore job");

    rollback.update("resume", Receipt.class, Map.of("by", "rui@example.com"));
    RollbackView told =
        until(
            rollback,
            view -> view.state() == State.STOPPED && view.says().contains("is version 9"));

    assertThat(Objects.requireNonNull(told.problem()).message())
        .contains("it was version 2, and is version 9")
        .contains("batch in prod was not put back to: job 7 with version 2")
        .contains("now it is: job 7 with version 1")
        .contains("databricks jobs reset")
        .contains("portage resume " + ID + " leaves the rest as it is");
    assertThat(engine.lane("prod").holder()).isNull();
    rollback.update("resume", Receipt.class, Map.of("by", "rui@example.com"));

    RollbackView end = failed(rollback);
    assertThat(Objects.requireNonNull(end.problem()).message())
        .contains("was left as it is")
        .contains("batch in prod was not put back to");
    assertThat(world.count("restore job")).isEqualTo(restored);
    assertThat(world.count("mark prod champion"))
        .as("two releases and a refused move")
        .isEqualTo(3);
  }

  @Test
  void aCancelledOneLeavesToOthersWhatTheyMadeLiveOnceAPersonSaysSo() {
    WorkflowStub rollback = stoppedHalfway();
    world.registry.isChampion("9", Map.of(), OTHER_COMMIT);
    long restored = world.count("restore job");
    rollback.cancel();
    until(rollback, view -> view.state() == State.STOPPED && saysPutBack(view));

    rollback.update("resume", Receipt.class, Map.of("by", "rui@example.com"));
    until(
        rollback,
        view ->
            view.state() == State.STOPPED
                && view.notices().stream()
                    .anyMatch(notice -> notice.startsWith("version 9 was made live by")));
    rollback.update("resume", Receipt.class, Map.of("by", "rui@example.com"));

    assertThatThrownBy(() -> rollback.getResult(RollbackView.class))
        .hasCauseInstanceOf(CanceledFailure.class);
    assertThat(world.count("restore job")).isEqualTo(restored);
  }

  @Test
  void whatOthersMadeLiveAndTookBackIsRolledBackAsOrdered() {
    WorkflowStub rollback = stoppedHalfway();
    world.registry.isChampion("9", Map.of(), OTHER_COMMIT);
    rollback.update("resume", Receipt.class, Map.of("by", "rui@example.com"));
    until(rollback, view -> view.state() == State.STOPPED && view.says().contains("is version 9"));
    world.registry.isChampion("2", Map.of(), OTHER_COMMIT);

    rollback.update("resume", Receipt.class, Map.of("by", "rui@example.com"));

    assertThat(rollback.getResult(RollbackView.class).state()).isEqualTo(State.DONE);
    assertThat(world.registry.marks).containsEntry("prod/champion", "1");
  }

  @Test
  void aSecondJobOfACallWithoutAResponseIsLookedForAlsoWhenItIsCancelled() throws Exception {
    released(2);
    world.jobs.job = null;
    world.jobs.mayCome = Duration.ofSeconds(60);
    world.planTwins("job in prod", DuplicatesRemoved.nothing());
    world.planTwins(
        "job in prod",
        new DuplicatesRemoved(
            List.of("job 9 (nightly) in prod existed twice, and was removed"), null));
    FaultyWorld.Hold hold = world.hold("restore job 7");
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));
    hold.awaitReached();
    // The test server can't cancel what ends at that moment.
    engine.untilUnderWay(rollback, 1);

    rollback.cancel();
    engine.untilHistoryHas(rollback, EventType.EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED);
    hold.release();

    until(rollback, RollbackPuttingBackTest::tellsOfTheSecondJob);
    assertThat(world.registry.marks).containsEntry("prod/champion", "2");
  }

  private static boolean tellsOfTheSecondJob(RollbackView view) {
    return view.notices().stream().anyMatch(line -> line.contains("job 9 (nightly) in prod"));
  }

  @Test
  void aFailureThatNobodyCanRepairStillWaitsWhileSomethingIsNotPutBack() {
    released(2);
    world.failNext("mark", FakeWorld.fatalFault("the registry is of another kind"));
    world.passNext("restoreJob");
    world.failNext("restoreJob", FakeWorld.userFault("you may not edit it"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));

    RollbackView stopped = untilStopped(rollback);

    assertThat(Objects.requireNonNull(stopped.problem()).message())
        .contains("another kind")
        .contains("batch in prod could not be put back");
  }

  /** The champion can't be moved, and the job that was restored can't be put back. */
  private WorkflowStub stoppedHalfway() {
    released(2);
    world.failNext("mark", FakeWorld.userFault("you may not move it"));
    world.passNext("restoreJob");
    world.failNext("restoreJob", FakeWorld.userFault("you may not edit it"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));
    untilStopped(rollback);
    return rollback;
  }

  private static boolean saysPutBack(RollbackView view) {
    return Objects.requireNonNull(view.problem())
        .tried()
        .equals("put back what this rollback changed");
  }
}
