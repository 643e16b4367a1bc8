package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.OTHER_COMMIT;
import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.Receipt;
import dev.portage.history.HistoryKind;
import dev.portage.job.JobState;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeReceiver;
import dev.portage.quarantine.Quarantined;
import dev.portage.registry.Tags;
import dev.portage.release.FinishStart;
import dev.portage.release.FinishView;
import dev.portage.release.FinishWorkflow;
import dev.portage.rollback.RollbackView;
import dev.portage.scoring.RemoveOrder;
import dev.portage.scoring.Removed;
import dev.portage.step.CourseView.State;
import dev.portage.step.StepView;
import dev.portage.temporal.Queues;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Going back to an earlier release, with workspaces in memory. */
@Timeout(180)
class RollbackTest {

  private static final String ID = "rollback/prod/diabetes/1";

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void everythingIsAsTheReleaseBeforeWasInOneTurn() {
    released(2);
    long before = world.effects.size();

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).isEqualTo(State.DONE);
    assertThat(view.says()).isEqualTo("version 2 → version 1 in prod");
    assertThat(view.unfinished()).isEmpty();
    assertThat(view.steps())
        .as(view.toString())
        .allSatisfy(step -> assertThat(step.state()).isEqualTo(StepView.State.DONE))
        .extracting(StepView::name)
        .containsExactly(
            "look",
            "turn",
            "batch",
            "champion",
            "record",
            "quarantine",
            "label",
            "predictions",
            "origin");
    List<String> done = world.effects.stream().skip(before).toList();
    assertThat(done)
        .containsSubsequence(
            "number the turn of " + ID,
            "restore job 7",
            "mark prod champion",
            "quarantine version 2",
            "label prod/1",
            "label prod/2",
            "remove batch in prod",
            "mark dev Production");
    assertThat(world.registry.marks).containsEntry("prod/champion", "1");
    assertThat(world.registry.tagsOf("prod", "1")).containsEntry(Tags.RELEASE, Tags.LIVE);
    assertThat(world.registry.tagsOf("prod", "2")).containsEntry(Tags.RELEASE, Tags.SUPERSEDED);
  }

  @Test
  void theRowsOfTheLeftReleaseAreRemovedAndThoseOfItsScheduledRunsAreCounted() {
    released(2);
    world.removed = new Removed(442, null).besides(7L);

    RollbackView view = toTheReleaseBefore();

    assertThat(world.removedBatches)
        .singleElement()
        .extracting(RemoveOrder::batchId, RemoveOrder::version)
        .containsExactly("promotion/diabetes/" + OTHER_COMMIT.substring(0, 12) + "/prod", "2");
    assertThat(line(view, "predictions"))
        .contains("442 rows of batch")
        .contains("7 rows that other runs wrote with version 2 stay");
  }

  @Test
  void rowsThatNobodyCanRemoveAreTold() {
    released(2);
    world.removed = Removed.never(442, "the table doesn't support DELETE: it is a view");
    RollbackView view = toTheReleaseBefore();
    assertThat(view.unfinished()).isEmpty();
    assertThat(line(view, "predictions")).contains("stay in").contains("doesn't support DELETE");
  }

  @Test
  void rowsThatARightProtectsAreLeftForAResume() {
    released(2);
    world.removed = new Removed(442, "[INSUFFICIENT_PERMISSIONS] no MODIFY");

    RollbackView view = toTheReleaseBefore();

    assertThat(view.unfinished())
        .singleElement()
        .satisfies(left -> assertThat(left.text()).contains("remove batch").contains("no MODIFY"));
  }

  /** A rollback without a version to go to, at its end. */
  private RollbackView toTheReleaseBefore() {
    return start(ID, FakeRollbacks.order(null)).getResult(RollbackView.class);
  }

  private static String line(RollbackView view, String step) {
    return view.steps().stream()
        .filter(one -> one.name().equals(step))
        .map(one -> String.valueOf(one.line()))
        .findFirst()
        .orElse("");
  }

  @Test
  void itIsRecordedWithWhatWasThereAndWhoAndWhy() {
    released(2);

    toTheReleaseBefore();

    assertThat(world.log)
        .last()
        .satisfies(event -> {
          assertThat(event.kind()).isEqualTo(HistoryKind.ROLLBACK);
          assertThat(event.by()).isEqualTo("rui@example.com");
          assertThat(event.reason()).isEqualTo("it doubles");
          assertThat(event.workflow()).isEqualTo(ID);
          var release = Objects.requireNonNull(event.release());
          assertThat(release.version()).isEqualTo("1");
          assertThat(release.previousVersion()).isEqualTo("2");
          assertThat(release.live()).hasSize(2);
          assertThat(release.before()).hasSize(2);
        });
    assertThat(world.clearance.orders)
        .singleElement()
        .extracting(Quarantined::version, Quarantined::commit, Quarantined::reason)
        .containsExactly("2", OTHER_COMMIT, "it doubles");
  }

  @Test
  void whatCannotBeDoneIsRefusedAndNothingIsChanged() {
    released(2);
    long before = changes();

    assertThat(refused(Map.of("model", "diabetes", "by", "rui@example.com")))
        .contains("it gives no reason");
    assertThat(refused(FakeRollbacks.order("9")))
        .contains("version 9 was never released there")
        .contains("versions 2, 1");
    assertThat(refused(FakeRollbacks.order("2"))).contains("version 2 is live there already");
    assertThat(refused(Map.of("model", "churn", "by", "rui@example.com", "reason", "x", "to", "1")))
        .contains("no release of it is recorded there")
        .contains("portage adopt churn");
    assertThat(
            refused(
                Map.of(
                    "model",
                    "diabetes",
                    "by",
                    "rui@example.com",
                    "reason",
                    "x",
                    "workspace",
                    "prd")))
        .contains("--workspace names workspace \"prd\"");
    assertThat(changes()).isEqualTo(before);
  }

  @Test
  void theLiveVersionIsPutBackAndIsNotLeft() {
    released(2);
    JobState live = Objects.requireNonNull(world.jobs.job);
    world.jobs.job =
        JobState.of(live.jobId(), live.name(), "edited by hand")
            .scores("3", live.commit())
            .madeBy("promotion/diabetes/terminated", live.settingsHash(), null)
            .build();

    RollbackView view = start(ID, FakeRollbacks.order("2")).getResult(RollbackView.class);

    assertThat(view.state()).as(view.toString()).isEqualTo(State.DONE);
    assertThat(world.jobs.job).isEqualTo(live);
    assertThat(world.clearance.orders).isEmpty();
    assertThat(world.removedBatches).isEmpty();
    assertThat(world.registry.tagsOf("prod", "2")).containsEntry(Tags.RELEASE, Tags.LIVE);
    assertThat(Objects.requireNonNull(view.plan()).remarks())
        .anyMatch(remark -> remark.contains("version 2 is live and stays so"))
        .noneMatch(remark -> remark.contains("portage lift"));
  }

  @Test
  void aVersionWhoseFilesAreGoneIsRefused() {
    released(2);
    long before = changes();
    world.refuse("previewCopy", FakeWorld.userFault("404 no such artifact"));

    assertThat(refused(FakeRollbacks.order(null)))
        .contains("version 1")
        .contains("not whole")
        .contains("404 no such artifact")
        .contains("git checkout " + PromotionEngine.COMMIT);
    assertThat(changes()).isEqualTo(before);
  }

  @Test
  void aFailureHalfwayIsPutBackAndResumed() {
    released(2);
    world.failNext("mark", FakeWorld.userFault("you may not move it"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));

    RollbackView stopped = until(rollback, view -> view.state() == State.STOPPED);

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
  void aJobThatWasPausedUntilItsReleaseIsRestoredAsItWasOnceResumed() {
    world.jobs.resumes = "UNPAUSED";
    released(1);
    JobState first = Objects.requireNonNull(world.jobs.job);
    assertThat(first.resumes()).isNull();
    releasedNext();

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).as(view.toString()).isEqualTo(State.DONE);
    assertThat(world.jobs.job).isEqualTo(first);
    assertThat(refused(FakeRollbacks.order("1")))
        .contains("version 1 is live there already, and all is as it was released");
  }

  @Test
  void aFailureHalfwayPutsTheFoundJobBackThoughItsResetHadPausedIt() {
    world.jobs.resumes = "UNPAUSED";
    released(2);
    JobState found = world.jobs.job;
    world.failNext("mark", FakeWorld.userFault("you may not move it"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));

    RollbackView stopped = until(rollback, view -> view.state() == State.STOPPED);

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
    world.failNext("mark", FakeWorld.userFault("you may not move it"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));

    until(rollback, view -> view.state() == State.STOPPED);

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
    world.failNext("mark", FakeWorld.userFault("you may not move it"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));

    RollbackView stopped = until(rollback, view -> view.state() == State.STOPPED);

    assertThat(Objects.requireNonNull(world.jobs.job).settingsHash()).isEqualTo("hash-by-hand");
    assertThat(stopped.notices())
        .noneMatch(notice -> notice.contains("could not be put back"))
        .anyMatch(notice -> notice.startsWith("batch was put back: "));
  }

  @Test
  void aRestoredJobWhoseAnswerWasLostCountsThoughItsResetHadPausedIt() {
    world.jobs.resumes = "UNPAUSED";
    released(2);
    world.failNext("answer of restoreJob", FakeWorld.userFault("connection reset"));

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).isEqualTo(State.DONE);
    assertThat(view.notices()).anyMatch(notice -> notice.contains("batch was restored"));
  }

  @Test
  void aMoveWhoseAnswerWasLostCounts() {
    released(2);
    world.failNext("answer of mark", FakeWorld.userFault("connection reset"));

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).isEqualTo(State.DONE);
    assertThat(view.notices()).anyMatch(notice -> notice.contains("champion was restored"));
  }

  @Test
  void aMoveThatArrivesAfterTheFirstLookCounts() {
    released(2);
    world.failNext("mark prod champion", FakeWorld.platformFault("no answer"));
    world.failNext("mark prod champion", FakeWorld.userFault("you may not move it"));
    world.registry.movesLate("1");

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).as(view.toString()).isEqualTo(State.DONE);
    assertThat(world.count("restore job")).as("never put back").isEqualTo(1);
    assertThat(view.notices()).anyMatch(notice -> notice.contains("champion was restored"));
  }

  @Test
  void aJobThatWasPutBackThoughTheAnswerWasLostIsPutBack() {
    released(2);
    JobState found = world.jobs.job;
    world.failNext("mark", FakeWorld.userFault("you may not move it"));
    world.passNext("answer of restoreJob");
    world.failNext("answer of restoreJob", FakeWorld.userFault("connection reset"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));

    RollbackView stopped = until(rollback, view -> view.state() == State.STOPPED);

    assertThat(world.jobs.job).isEqualTo(found);
    assertThat(stopped.notices())
        .anyMatch(notice -> notice.startsWith("batch was put back, although"))
        .noneMatch(notice -> notice.contains("could not be put back"));
  }

  @Test
  void aJobThatWasCreatedAgainIsRecordedWithItsNewId() {
    released(2);
    world.jobs.job = null;

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).as(view.toString()).isEqualTo(State.DONE);
    var release = Objects.requireNonNull(world.log.getLast().release());
    assertThat(release.jobId()).isEqualTo(8);
    assertThat(Objects.requireNonNull(release.live()).getFirst())
        .satisfies(job -> {
          assertThat(job.value("id")).isEqualTo("8");
          assertThat(job.settings()).isNotNull();
        });
    assertThat(refused(FakeRollbacks.order("1")))
        .contains("version 1 is live there already, and all is as it was released");
  }

  @Test
  void whatCannotBePutBackIsInTheProblemAndHoldsACancelledRollback() {
    released(2);
    JobState found = world.jobs.job;
    world.failNext("mark", FakeWorld.userFault("you may not move it"));
    world.passNext("restoreJob");
    world.failNext("restoreJob", FakeWorld.userFault("you may not edit it"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));

    RollbackView stopped = until(rollback, view -> view.state() == State.STOPPED);
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

  private static boolean saysPutBack(RollbackView view) {
    return Objects.requireNonNull(view.problem())
        .tried()
        .equals("put back what this rollback changed");
  }

  @Test
  void eachStopIsToldThoughAnotherRunOfTheWorkflowGoesOn() {
    released(2);
    engine.rollbacks.receivers = List.of(new NoticeReceiver("team", List.of(NoticeKind.STOPPED)));
    world.failNext("mark", FakeWorld.userFault("you may not move it"));
    world.passNext("mark");
    world.failNext("mark", FakeWorld.userFault("you still may not"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));
    until(rollback, view -> view.state() == State.STOPPED);
    String before = engine.run(rollback);
    for (int i = 0; i < 3; i++) {
      rollback.signal("noise", "x".repeat(1_500_000));
    }
    until(rollback, view -> !engine.run(rollback).equals(before));

    rollback.update("resume", Receipt.class, Map.of("by", "rui@example.com"));
    until(
        rollback,
        view -> view.state() == State.STOPPED && view.says().contains("you still may not"));
    until(rollback, view -> world.delivered.size() == 2);

    assertThat(world.delivered)
        .extracting(order -> order.notice().id())
        .containsExactly(ID + "/stopped/stop-1", ID + "/stopped/stop-2");
  }

  @Test
  void whatFollowsAndCannotBeDoneIsListedAndUndoesNothing() {
    released(2);
    world.refuse("quarantine", FakeWorld.userFault("no right to write there"));

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).isEqualTo(State.DONE);
    assertThat(view.unfinished())
        .singleElement()
        .satisfies(left -> assertThat(left.text()).contains("quarantine version 2"));
    assertThat(view.next()).isEqualTo("portage resume " + ID);
    assertThat(world.registry.marks).containsEntry("prod/champion", "1");
  }

  @Test
  void whatIsFinishedLateSparesAVersionThatIsLiveAgain() {
    released(2);
    world.refuse("quarantine", FakeWorld.userFault("no right to write there"));
    world.refuse("removeBatch", FakeWorld.userFault("the warehouse is stopped"));
    RollbackView first = toTheReleaseBefore();
    assertThat(first.unfinished()).hasSize(2);
    world.allow("quarantine");
    world.allow("removeBatch");
    start("rollback/prod/diabetes/2", FakeRollbacks.order("2")).getResult(RollbackView.class);

    FinishView finished = finish(first);

    assertThat(finished.unfinished()).isEmpty();
    assertThat(finished.done())
        .hasSize(2)
        .allMatch(line -> line.contains("not done, since version 2 is live again in prod"));
    assertThat(world.clearance.orders).extracting(Quarantined::version).containsExactly("1");
    assertThat(world.removedBatches).extracting(RemoveOrder::version).containsExactly("1");
  }

  @Test
  void whatIsFinishedLateIsDoneWhileTheLeftVersionIsNotLive() {
    released(2);
    world.refuse("quarantine", FakeWorld.userFault("no right to write there"));
    RollbackView first = toTheReleaseBefore();
    world.allow("quarantine");

    assertThat(finish(first).done()).containsExactly("quarantine: version 2 is quarantined");
  }

  private FinishView finish(RollbackView ended) {
    FinishStart start = new FinishStart(ended.id(), ended.unfinished(), "kim@example.com");
    return engine
        .environment
        .getWorkflowClient()
        .newWorkflowStub(
            FinishWorkflow.class,
            WorkflowOptions.newBuilder()
                .setTaskQueue(Queues.PORTAGE)
                .setWorkflowId(start.workflowId())
                .build())
        .finish(start);
  }

  @Test
  void aGroupApprovesBeforeAnythingHappensAndNeverWhoStartedIt() {
    released(2);
    long before = changes();
    engine.rollbacks.approve = List.of("model-risk");
    world.groups =
        Map.of(
            "model-risk",
            List.of("rui@example.com", "kim@example.com"),
            "model-owners",
            List.of("ana@example.com"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));

    RollbackView waiting = until(rollback, view -> view.state() == State.WAITING);
    assertThat(waiting.says()).contains("one of model-risk").contains("prod-1");
    assertThat(changes()).isEqualTo(before);
    Receipt own = rollback.update("approve", Receipt.class, receipt("rui@example.com"));
    assertThat(own.refused()).contains("started this");
    rollback.update("approve", Receipt.class, receipt("kim@example.com"));

    assertThat(rollback.getResult(RollbackView.class).state()).isEqualTo(State.DONE);
  }

  @Test
  void aRejectionEndsIt() {
    released(2);
    engine.rollbacks.approve = List.of("model-risk");
    world.groups = Map.of("model-risk", List.of("kim@example.com"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));
    until(rollback, view -> view.state() == State.WAITING);

    rollback.update(
        "reject",
        Receipt.class,
        Map.of("request", "prod-1", "by", "kim@example.com", "comment", "fix it instead"));

    assertThat(failed(rollback).state()).isEqualTo(State.REJECTED);
    assertThat(failed(rollback).says()).contains("kim@example.com: fix it instead");
    assertThat(world.registry.marks).containsEntry("prod/champion", "2");
  }

  @Test
  void startedUnderAnyNameItIsDoneByTheOneThatCounts() {
    released(2);

    RollbackView view =
        start("from the Web UI", FakeRollbacks.order(null)).getResult(RollbackView.class);

    assertThat(view.says()).isEqualTo("version 2 → version 1 in prod, by " + ID);
    assertThat(stub(ID).query("status", RollbackView.class).state()).isEqualTo(State.DONE);
  }

  @Test
  void aCancelOfTheOneStartedUnderAnyNameCancelsBoth() {
    released(2);
    engine.rollbacks.approve = List.of("model-risk");
    world.groups = Map.of("model-risk", List.of("kim@example.com"));
    WorkflowStub outer = start("from the Web UI", FakeRollbacks.order(null));
    until(outer, view -> view.notices().contains("the rollback is " + ID));
    until(stub(ID), view -> view.state() == State.WAITING);

    outer.cancel();

    assertThatThrownBy(() -> outer.getResult(RollbackView.class))
        .hasCauseInstanceOf(CanceledFailure.class);
    assertThat(outer.query("status", RollbackView.class).state()).isEqualTo(State.CANCELLED);
    assertThat(stub(ID).query("status", RollbackView.class).state()).isEqualTo(State.CANCELLED);
  }

  @Test
  void aPlanSaysWhatWouldBeDoneAndChangesNothing() {
    released(2);
    long before = changes();

    RollbackView view =
        start(
                "preflight/rollback/diabetes/1",
                Map.of("model", "diabetes", "by", "rui@example.com", "dryRun", true))
            .getResult(RollbackView.class);

    var plan = Objects.requireNonNull(view.plan());
    assertThat(plan.rollback()).isEqualTo(ID);
    assertThat(plan.line()).isEqualTo("version 2 → version 1");
    assertThat(plan.actions())
        .extracting(action -> action.what() + ": " + action.now() + " → " + action.then())
        .contains("champion in prod: version 2 → version 1");
    assertThat(plan.remarks()).anyMatch(remark -> remark.contains("portage lift diabetes v2"));
    assertThat(changes()).isEqualTo(before);
  }

  @Test
  void whatWasAgreedToHasToBeWhatItWouldDo() {
    released(2);

    assertThat(
            refused(
                Map.of(
                    "model",
                    "diabetes",
                    "by",
                    "rui@example.com",
                    "reason",
                    "x",
                    "expected",
                    Map.of("from", "3", "to", "1"))))
        .contains("it was agreed to change version 3 → version 1, but now it would be version 2");
  }

  /** So many releases, oldest first. */
  private void released(int number) {
    release(List.of(PromotionEngine.COMMIT, OTHER_COMMIT).subList(0, number));
  }

  /** The second release. */
  private void releasedNext() {
    release(List.of(OTHER_COMMIT));
  }

  private void release(List<String> commits) {
    for (String commit : commits) {
      WorkflowStub promotion = engine.start(commit);
      engine.untilState(promotion, PromotionState.WAITING);
      promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
      assertThat(promotion.getResult(PromotionView.class).state())
          .isEqualTo(PromotionState.RELEASED);
    }
  }

  private long changes() {
    return world.effects.stream()
        .filter(effect ->
            effect.startsWith("mark")
                || effect.startsWith("restore")
                || effect.startsWith("label")
                || effect.startsWith("quarantine"))
        .count();
  }

  private WorkflowStub start(String id, Map<String, Object> order) {
    WorkflowStub stub =
        engine
            .environment
            .getWorkflowClient()
            .newUntypedWorkflowStub(
                "RollbackWorkflow",
                WorkflowOptions.newBuilder()
                    .setWorkflowId(id)
                    .setTaskQueue(Queues.PORTAGE)
                    .build());
    stub.start(order);
    return stub;
  }

  private WorkflowStub stub(String id) {
    return engine.environment.getWorkflowClient().newUntypedWorkflowStub(id);
  }

  /** Why it was refused. */
  private String refused(Map<String, Object> order) {
    RollbackView view =
        failed(start("rollback/prod/diabetes/" + (2 + world.effects.size()), order));
    return Objects.requireNonNull(view.problem()).message();
  }

  private static RollbackView failed(WorkflowStub rollback) {
    try {
      rollback.getResult(RollbackView.class);
    } catch (WorkflowFailedException failed) {
      if (failed.getCause() instanceof ApplicationFailure failure) {
        return failure.getDetails().get(RollbackView.class);
      }
      throw failed;
    }
    throw new AssertionError("it did not fail");
  }

  private RollbackView until(WorkflowStub rollback, Predicate<RollbackView> wanted) {
    Instant end = Instant.now().plusSeconds(60);
    while (true) {
      RollbackView view = rollback.query("status", RollbackView.class);
      if (wanted.test(view)) {
        return view;
      }
      assertThat(Instant.now()).as(view.toString()).isBefore(end);
      assertThat(view.state().ended()).as(view.toString()).isFalse();
      engine.environment.sleep(Duration.ofMillis(200));
    }
  }

  private static Map<String, Object> receipt(String by) {
    return Map.of("request", "prod-1", "by", by, "readsReceipt", true);
  }
}
