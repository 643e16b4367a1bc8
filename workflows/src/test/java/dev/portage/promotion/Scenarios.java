package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.COMMIT;
import static dev.portage.promotion.PromotionEngine.OTHER_COMMIT;
import static dev.portage.promotion.PromotionEngine.by;

import dev.portage.adopt.AdoptStart;
import dev.portage.adopt.AdoptView;
import dev.portage.approval.Receipt;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.Verify;
import dev.portage.freeze.FrozenWorkflow;
import dev.portage.hello.HelloStart;
import dev.portage.history.HistoryOrder;
import dev.portage.identity.Authorship;
import dev.portage.job.RunResult;
import dev.portage.lane.LaneState;
import dev.portage.lane.TurnRequest;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeReceiver;
import dev.portage.notice.NoticeWorkflow;
import dev.portage.order.WorkspaceOrder;
import dev.portage.preflight.Finding;
import dev.portage.preflight.PreflightOrder;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import dev.portage.release.FinishStart;
import dev.portage.release.FinishView;
import dev.portage.rollback.RollbackView;
import dev.portage.scoring.TableColumn;
import dev.portage.scoring.TableShape;
import dev.portage.settings.RehearsalSettings;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.ServeWatch;
import dev.portage.settings.SettingsOrder;
import dev.portage.step.CourseView;
import dev.portage.temporal.Queues;
import dev.portage.tracking.Making;
import dev.portage.underway.UnderwayWorkflow;
import dev.portage.versioncopy.CopyStart;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.history.v1.History;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The scenarios of each kind of workflow that issue commands of their own, each recorded under a
 * name.
 */
final class Scenarios {

  /** Plays one scenario, from its start to the recording of its history. */
  private interface Scenario {
    /** Returns the id of the workflow whose history is recorded. */
    WorkflowStub go(PromotionEngine engine) throws Exception;
  }

  private static final Map<String, Scenario> ALL = new LinkedHashMap<>();

  static {
    ALL.put("waiting", Scenarios::waiting);
    ALL.put("released", Scenarios::released);
    ALL.put("copied-in-partitions", Scenarios::copiedInPartitions);
    ALL.put("resumed-after-putting-back", Scenarios::resumedAfterPuttingBack);
    ALL.put("asked-again-then-rejected", Scenarios::askedAgainThenRejected);
    ALL.put("cancelled-and-put-back", Scenarios::cancelledAndPutBack);
    ALL.put("cancelled-and-put-back-later", Scenarios::cancelledAndPutBackLater);
    ALL.put("put-back-under-the-next-turn", Scenarios::putBackUnderTheNextTurn);
    ALL.put("cancelled-half-registered", Scenarios::cancelledHalfRegistered);
    ALL.put("cancelled-too-late", Scenarios::cancelledTooLate);
    ALL.put("released-beside-a-moved-champion", Scenarios::releasedBesideAMovedChampion);
    ALL.put("released-on-the-longer-path", Scenarios::releasedOnTheLongerPath);
    ALL.put("nobody-decided", Scenarios::nobodyDecided);
    ALL.put("holding-the-turn", Scenarios::holdingTheTurn);
    ALL.put("waiting-for-the-turn", engine -> queuedBehindAHolder(engine));
    ALL.put("cancelled-waiting-for-the-turn", Scenarios::cancelledWaitingForTheTurn);
    ALL.put("champion-refused-and-put-back", Scenarios::championRefusedAndPutBack);
    ALL.put("released-with-something-unfinished", Scenarios::releasedUnfinished);
    ALL.put("champion-moved-unanswered", Scenarios::championMovedUnanswered);
    ALL.put("job-changed-unanswered", Scenarios::jobChangedUnanswered);
    ALL.put("run-ended-with-the-turn", Scenarios::runEndedWithTheTurn);
    ALL.put("champion-not-known-then-resumed", Scenarios::championNotKnown);
    ALL.put("champion-moved-during-the-batch", Scenarios::championMovedDuringTheBatch);
    ALL.put("released-before", Scenarios::releasedBefore);
    ALL.put("hop-released-before", Scenarios::hopReleasedBefore);
    ALL.put("finished-later", Scenarios::finishedLater);
    ALL.put("handed-to-another-run", engine -> goneOn(waiting(engine)));
    ALL.put("went-on-waiting-for-approval", Scenarios::wentOnWaiting);
    ALL.put("went-on-stopped", Scenarios::wentOnStopped);
    ALL.put("decisions-read-in-bulk", Scenarios::decisionsReadInBulk);
    ALL.put("lane-granted-in-turn", Scenarios::laneGrantedInTurn);
    ALL.put("lane-held-and-wanted", Scenarios::laneHeldAndWanted);
    ALL.put("lane-holder-terminated", Scenarios::laneHolderTerminated);
    ALL.put("lane-passed-over-who-had-ended", Scenarios::lanePassedOverWhoHadEnded);
    ALL.put("lane-carried-on", Scenarios::laneCarriedOn);
    ALL.put("copy-whole", engine -> copied(engine, false));
    ALL.put("copy-looked", engine -> copied(engine, true));
    ALL.put("copy-in-partitions", Scenarios::copyInPartitions);
    ALL.put("copy-given-up", Scenarios::copyGivenUp);
    ALL.put("copy-cancelled", Scenarios::copyCancelled);
    ALL.put("preflight-passed", engine -> checked(engine, file()));
    ALL.put("preflight-refused-file", Scenarios::preflightRefusedFile);
    ALL.put("preflight-refused-workspace", Scenarios::preflightRefusedWorkspace);
    ALL.put(
        "preflight-of-the-doctor",
        engine -> checked(engine, new PreflightOrder(null, null, null, null)));
    ALL.put("preflight-of-a-version", Scenarios::preflightOfAVersion);
    ALL.put("approved-by-two-since-nobody-knows-who-made-it", Scenarios::approvedByTwo);
    ALL.put("released-without-a-batch", Scenarios::releasedWithoutABatch);
    ALL.put("served-step-by-step", Scenarios::served);
    ALL.put("serving-broke-a-limit", Scenarios::servedBadly);
    ALL.put("watched-then-taken-back", engine -> takenBack(engine, "watch/prod/diabetes/2"));
    ALL.put("taken-back-by-a-watch", engine -> takenBack(engine, "rollback/prod/diabetes/1"));
    ALL.put("watched-until-it-was-cancelled", Scenarios::watchCancelled);
    ALL.put("watched-until-another-was-live", Scenarios::watchReplaced);
    ALL.put("watched-with-nothing-to-go-back-to", Scenarios::watchWithoutWayBack);
    ALL.put("under-way", Scenarios::underWay);
    ALL.put("rolled-back", engine -> ended(rollback(engine, "rollback/prod/diabetes/1")));
    ALL.put("rollback-put-back-then-resumed", Scenarios::rollbackResumed);
    ALL.put("rollback-started-in-the-web-ui", engine -> ended(rollback(engine, "going back")));
    ALL.put("rollback-approved", Scenarios::rollbackApproved);
    ALL.put("adopted", engine -> ended(adopting(engine, false)));
    ALL.put("adoption-looked", engine -> ended(adopting(engine, true)));
    ALL.put("adoption-stopped-then-resumed", Scenarios::adoptionResumed);
    ALL.put("hello", Scenarios::hello);
    ALL.put("history-read", engine -> history(engine, null));
    ALL.put("history-of-a-time", engine -> history(engine, Instant.EPOCH));
    ALL.put("frozen-by-order", engine -> ordered(engine, freezeAll()));
    ALL.put("unfrozen-by-order", Scenarios::unfrozenByOrder);
    ALL.put("lifted-by-order", Scenarios::liftedByOrder);
    ALL.put("held-up-and-told", Scenarios::heldUpAndTold);
    ALL.put("published-later", Scenarios::publishedLater);
    ALL.put("rehearsed", Scenarios::rehearsed);
    ALL.put("rehearsed-for-a-later-table", Scenarios::rehearsedForALaterTable);
    ALL.put("cancelled-in-the-rehearsal", Scenarios::cancelledInTheRehearsal);
    ALL.put("run-failed-then-resumed", Scenarios::runFailedThenResumed);
    ALL.put("told-until-released-over-a-former-release", Scenarios::toldUntilReleased);
    ALL.put("told-before-settings-are-known", Scenarios::toldBeforeSettingsAreKnown);
    ALL.put("recalled-until-it-expired", Scenarios::remindedUntilExpired);
    ALL.put("approved-by-a-second-group", Scenarios::approvedByASecondGroup);
    ALL.put("went-on-waiting-after-people-were-told", Scenarios::toldAndWentOn);
    ALL.put("notice-delivered", engine -> notice(engine, told(engine)));
    ALL.put("notice-delivered-late", Scenarios::noticeDeliveredLate);
  }

  private Scenarios() {}

  /** Records the scenarios that have no history yet. */
  static void record(Path folder) throws Exception {
    Files.createDirectories(folder);
    for (Map.Entry<String, Scenario> way : ALL.entrySet()) {
      Path file = folder.resolve(way.getKey() + ".json");
      if (Files.notExists(file)) {
        try (PromotionEngine engine = new PromotionEngine()) {
          WorkflowStub gone = way.getValue().go(engine);
          Files.write(file, List.of(small(named(engine.historyOfRun(gone)).toJson(true))));
        }
      }
    }
  }

  /** With its workflow's id, which decides what some workflows do, and which JSON leaves out. */
  private static WorkflowExecutionHistory named(WorkflowExecutionHistory history) {
    History.Builder named = history.getHistory().toBuilder();
    named
        .getEventsBuilder(0)
        .getWorkflowExecutionStartedEventAttributesBuilder()
        .setWorkflowId(history.getWorkflowExecution().getWorkflowId());
    return new WorkflowExecutionHistory(named.build());
  }

  /** Large payloads are junk; what made the history long is in its events. */
  private static String small(String json) {
    return json.replaceAll("\"data\": \"[^\"]{100000,}\"", "\"data\": \"Ingi\"");
  }

  /** A large message makes it continue as a new run; the history is the previous run's. */
  private static WorkflowStub goneOn(WorkflowStub promotion) {
    promotion.signal("noise", "x".repeat(1_200_000));
    while (PromotionEngine.status(promotion).refused().isEmpty()) {
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    return promotion;
  }

  /** While one decision is read, more arrive than one read used to serve. */
  private static WorkflowStub decisionsReadInBulk(PromotionEngine engine) {
    WorkflowStub promotion = waiting(engine);
    FakeWorld.Hold hold = engine.world.hold("who is who");
    for (int i = 0; i < 70; i++) {
      promotion.signal("approve", by("eve" + i + "@example.com", "prod-1"));
    }
    hold.release();
    engine.until(
        promotion, view -> view.refused().stream().anyMatch(r -> r.message().contains("eve69")));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return ended(promotion);
  }

  /** The current run. */
  private static WorkflowStub latest(PromotionEngine engine, WorkflowStub promotion) {
    return engine
        .environment
        .getWorkflowClient()
        .newUntypedWorkflowStub(PromotionEngine.id(promotion));
  }

  private static WorkflowStub wentOnWaiting(PromotionEngine engine) {
    WorkflowStub promotion = latest(engine, goneOn(waiting(engine)));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return ended(promotion);
  }

  private static WorkflowStub wentOnStopped(PromotionEngine engine) {
    engine.world.jobs.endNext("batch", RunResult.Ending.FAILED);
    WorkflowStub promotion = approved(engine);
    engine.untilState(promotion, PromotionState.STOPPED);
    return resumed(latest(engine, goneOn(promotion)));
  }

  private static WorkflowStub waiting(PromotionEngine engine) {
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    return promotion;
  }

  private static WorkflowStub approved(PromotionEngine engine) {
    WorkflowStub promotion = waiting(engine);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return promotion;
  }

  /** Beside an old version, a step of which somebody ends early. */
  private static WorkflowStub served(PromotionEngine engine) {
    engine.world.serve = ServeSettings.of("diabetes");
    engine.world.endpoints.byHand("diabetes", FakeEndpoints.served("0", 100));
    WorkflowStub promotion = engine.approved();
    engine.until(
        promotion,
        view ->
            view.steps().stream()
                .anyMatch(
                    step -> String.valueOf(step.line()).contains("5 % of the traffic, soak ends")));
    promotion.signal("proceed", PromotionEngine.by("ana@example.com", ""));
    return ended(promotion);
  }

  private static WorkflowStub servedBadly(PromotionEngine engine) {
    engine.world.serve = ServeSettings.of("diabetes");
    engine.world.endpoints.byHand("diabetes", FakeEndpoints.served("0", 100));
    engine.world.endpoints.answers = order -> FakeEndpoints.wrong("predictions[0] is 0");
    WorkflowStub promotion = engine.approved();
    engine.untilState(promotion, PromotionState.STOPPED);
    return promotion;
  }

  private static void watched(PromotionEngine engine, List<String> commits) {
    engine.world.serve =
        ServeSettings.of("diabetes").toBuilder()
            .watch(new ServeWatch(Duration.ofHours(1), Duration.ofMinutes(1)))
            .build();
    for (String commit : commits) {
      WorkflowStub promotion = engine.start(commit);
      engine.untilState(promotion, PromotionState.WAITING);
      promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
      ended(promotion);
    }
    if (commits.size() > 1) {
      watchedUntilEnded(engine, workflow(engine, "watch/prod/diabetes/1"));
    }
  }

  /** The watch of one of two releases. */
  private static WorkflowStub watchedUntilEnded(PromotionEngine engine, WorkflowStub watch) {
    until(
        engine,
        () ->
            watch.describe().getStatus()
                != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
    engine.childOfAnEndedOneHasEnded();
    return watch;
  }

  private static WorkflowStub workflow(PromotionEngine engine, String id) {
    return engine.environment.getWorkflowClient().newUntypedWorkflowStub(id);
  }

  /** The second of two releases turns bad. */
  private static WorkflowStub takenBack(PromotionEngine engine, String id) {
    watched(engine, List.of(COMMIT, OTHER_COMMIT));
    engine.world.endpoints.answers =
        order ->
            order.served().equals("diabetes-2")
                ? FakeEndpoints.wrong("predictions[0] is 0")
                : FakeEndpoints.good(null);
    watchedUntilEnded(engine, workflow(engine, "watch/prod/diabetes/2"));
    return workflow(engine, id);
  }

  private static WorkflowStub watchCancelled(PromotionEngine engine) {
    watched(engine, List.of(COMMIT));
    WorkflowStub watch = workflow(engine, "watch/prod/diabetes/1");
    watch.cancel("by ana@example.com: we look ourselves");
    return watchedUntilEnded(engine, watch);
  }

  private static WorkflowStub watchReplaced(PromotionEngine engine) {
    watched(engine, List.of(COMMIT, OTHER_COMMIT));
    return workflow(engine, "watch/prod/diabetes/1");
  }

  private static WorkflowStub watchWithoutWayBack(PromotionEngine engine) {
    watched(engine, List.of(COMMIT));
    engine.world.endpoints.answers = order -> FakeEndpoints.wrong("predictions[0] is 0");
    return watchedUntilEnded(engine, workflow(engine, "watch/prod/diabetes/1"));
  }

  private static WorkflowStub releasedWithoutABatch(PromotionEngine engine) {
    engine.world.withBatch = false;
    return released(engine);
  }

  private static WorkflowStub told(PromotionEngine engine) {
    engine.world.receivers = List.of(new NoticeReceiver("team", List.of(NoticeKind.values())));
    return waiting(engine);
  }

  /** The workflow that knows which promotions of a model are under way. */
  private static WorkflowStub underWay(PromotionEngine engine) {
    WorkflowStub promotion = released(engine);
    return ended(
        engine
            .environment
            .getWorkflowClient()
            .newUntypedWorkflowStub(
                UnderwayWorkflow.idOf("prod", PromotionEngine.status(promotion).model())));
  }

  private static WorkflowStub toldUntilReleased(PromotionEngine engine) {
    engine.world.registry.championTags = Map.of(Tags.RELEASE, Tags.LIVE);
    engine.world.registry.isChampion("9", Map.of("rmse", 70.0), PromotionEngine.OTHER_COMMIT);
    WorkflowStub promotion = told(engine);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return ended(promotion);
  }

  private static WorkflowStub toldBeforeSettingsAreKnown(PromotionEngine engine) {
    engine.world.receivers = List.of(new NoticeReceiver("team", List.of(NoticeKind.values())));
    engine.world.failNext("settings", FakeWorld.userFault("line 3 is wrong"));
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.STOPPED);
    return cancelled(promotion);
  }

  private static WorkflowStub remindedUntilExpired(PromotionEngine engine) {
    return ended(told(engine));
  }

  private static WorkflowStub approvedByASecondGroup(PromotionEngine engine) {
    engine.world.groups =
        Map.of("model-owners", List.of("ana@example.com"), "heads", List.of("cleo@example.com"));
    engine.world.escalateTo = List.of("heads");
    WorkflowStub promotion = waiting(engine);
    engine.environment.sleep(Duration.ofDays(8));
    promotion.update("approve", Receipt.class, by("cleo@example.com", "prod-1"));
    return ended(promotion);
  }

  private static WorkflowStub toldAndWentOn(PromotionEngine engine) {
    WorkflowStub promotion = latest(engine, goneOn(told(engine)));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return ended(promotion);
  }

  private static WorkflowStub noticeDeliveredLate(PromotionEngine engine) {
    engine.world.refuse("deliver", FakeWorld.platformFault("no connection"));
    WorkflowStub promotion = told(engine);
    engine.environment.sleep(Duration.ofMinutes(6));
    engine.until(promotion, view -> !view.undeliveredNotices().isEmpty());
    engine.world.allow("deliver");
    return notice(engine, promotion);
  }

  /** The workflow that tells that someone is asked. */
  private static WorkflowStub notice(PromotionEngine engine, WorkflowStub promotion) {
    return ended(
        engine
            .environment
            .getWorkflowClient()
            .newUntypedWorkflowStub(
                NoticeWorkflow.idOf(PromotionEngine.id(promotion) + "/asked/prod-1")));
  }

  private static WorkflowStub released(PromotionEngine engine) {
    return ended(approved(engine));
  }

  private static WorkflowStub publishedLater(PromotionEngine engine) {
    engine.world.failNext("publish in prod", FakeWorld.userFault("the warehouse is gone"));
    return released(engine);
  }

  private static WorkflowStub rehearsed(PromotionEngine engine) {
    engine.world.rehearsal = new RehearsalSettings("dev.ml.predictions", null, false);
    return released(engine);
  }

  /** What production's table takes is read first. */
  private static WorkflowStub rehearsedForALaterTable(PromotionEngine engine) {
    engine.world.shapes.put(
        "prod", TableShape.of(List.of(new TableColumn("id", "BIGINT")), Map.of()));
    return rehearsed(engine);
  }

  private static WorkflowStub cancelledInTheRehearsal(PromotionEngine engine) {
    engine.world.rehearsal = new RehearsalSettings("dev.ml.predictions", null, false);
    engine.world.jobs.last("diabetes rehearse");
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> engine.world.jobs.awaited());
    return cancelled(promotion);
  }

  /** Its table is removed with it, and another attempt has its own. */
  private static WorkflowStub runFailedThenResumed(PromotionEngine engine) {
    engine.world.jobs.endNext("batch", RunResult.Ending.FAILED);
    WorkflowStub promotion = approved(engine);
    engine.untilState(promotion, PromotionState.STOPPED);
    return resumed(promotion);
  }

  private static WorkflowStub releasedUnfinished(PromotionEngine engine) {
    engine.world.refuse("label prod/1", FakeWorld.userFault("you may not set tags"));
    return ended(approved(engine));
  }

  private static WorkflowStub championMovedUnanswered(PromotionEngine engine) {
    WorkflowStub promotion = waiting(engine);
    engine.world.loseNextAnswer("mark");
    engine.world.passNext("mark prod champion");
    engine.world.failNext("mark prod champion", FakeWorld.userFault("no right"));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return ended(promotion);
  }

  private static WorkflowStub jobChangedUnanswered(PromotionEngine engine) {
    WorkflowStub promotion = waiting(engine);
    engine.world.loseNextAnswer("applyJob");
    engine.world.failNext("answer of applyJob", FakeWorld.userFault("no right"));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.STOPPED);
    return resumed(promotion);
  }

  private static WorkflowStub runEndedWithTheTurn(PromotionEngine engine) {
    WorkflowStub promotion = waiting(engine);
    engine.world.failNext("awaitRun batch", FakeWorld.userFault("you may not view runs"));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.STOPPED);
    return resumed(promotion);
  }

  private static WorkflowStub championNotKnown(PromotionEngine engine) {
    WorkflowStub promotion = waiting(engine);
    engine.world.loseNextAnswer("mark");
    engine.world.registry.blindOnceMoved = true;
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.STOPPED);
    engine.world.registry.blindOnceMoved = false;
    return resumed(promotion);
  }

  private static WorkflowStub championMovedDuringTheBatch(PromotionEngine engine) {
    WorkflowStub promotion = holdingTheTurn(engine);
    engine.world.registry.isChampion("6", Map.of("rmse", 54.0), "f".repeat(40));
    engine.world.jobs.finish("batch");
    engine.until(promotion, view -> "prod-2".equals(view.request()));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-2"));
    return ended(promotion);
  }

  private static WorkflowStub releasedBefore(PromotionEngine engine) {
    released(engine).getResult(PromotionView.class);
    return ended(engine.start());
  }

  private static WorkflowStub hopReleasedBefore(PromotionEngine engine) {
    engine.world.targets = List.of("qa", "prod");
    WorkflowStub first = engine.start();
    engine.until(first, view -> "qa-1".equals(view.request()));
    first.update("approve", Receipt.class, by("ana@example.com", "qa-1"));
    engine.until(first, view -> "prod-1".equals(view.request()));
    cancelled(first);
    return releasedOnTheLongerPath(engine);
  }

  private static WorkflowStub finishedLater(PromotionEngine engine) {
    PromotionView view = releasedUnfinished(engine).getResult(PromotionView.class);
    engine.world.failNext("label prod/1", FakeWorld.userFault("you may not set tags"));
    engine.world.allow("label prod/1");
    FinishStart start = new FinishStart(view.id(), view.left(), "sam@example.com");
    WorkflowStub finish =
        engine
            .environment
            .getWorkflowClient()
            .newUntypedWorkflowStub(
                "FinishWorkflow",
                WorkflowOptions.newBuilder()
                    .setWorkflowId(start.workflowId())
                    .setTaskQueue(Queues.PORTAGE)
                    .build());
    finish.start(start);
    finish.getResult(FinishView.class);
    return finish;
  }

  private static WorkflowStub resumed(WorkflowStub promotion) {
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    return ended(promotion);
  }

  private static WorkflowStub copiedInPartitions(PromotionEngine engine) {
    engine.world.partitions = FakeWorld.cut(20, 2_500, 20L << 30);
    // Only the last of them: cancelling one that is just ending is too much for the test server.
    FakeWorld.Hold last = engine.world.hold("copy files 47500 to 50000");
    engine.world.failNext(
        "answer of copy files 47500 to 50000", FakeWorld.userFault("no space left"));
    WorkflowStub promotion = approved(engine);
    engine.until(promotion, view -> view.says().contains("19 of 20 partitions"));
    last.release();
    engine.untilState(promotion, PromotionState.STOPPED);
    return resumed(promotion);
  }

  private static WorkflowStub resumedAfterPuttingBack(PromotionEngine engine) {
    engine.world.jobs.endNext("batch", RunResult.Ending.FAILED);
    WorkflowStub promotion = waiting(engine);
    promotion.signal("approve", "unreadable");
    promotion.signal("approve", by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.STOPPED);
    return resumed(promotion);
  }

  private static WorkflowStub askedAgainThenRejected(PromotionEngine engine) {
    WorkflowStub promotion = waiting(engine);
    engine.world.registry.isChampion("5", Map.of("rmse", 55.0), "f".repeat(40));
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.until(promotion, view -> "prod-2".equals(view.request()));
    promotion.signal("reject", by("ana@example.com", "prod-2"));
    return ended(promotion);
  }

  private static WorkflowStub cancelledAndPutBack(PromotionEngine engine) {
    return cancelled(holdingTheTurn(engine));
  }

  /** What could not be put back waits for a person, also after a cancel. */
  private static WorkflowStub cancelledAndPutBackLater(PromotionEngine engine) {
    WorkflowStub promotion = holdingTheTurn(engine);
    engine.world.refuse("put job back", FakeWorld.userFault("you may not manage jobs"));
    promotion.cancel("by ana@example.com: wrong data");
    engine.untilState(promotion, PromotionState.STOPPED);
    engine.world.allow("put job back");
    return resumed(promotion);
  }

  private static WorkflowStub putBackUnderTheNextTurn(PromotionEngine engine) {
    engine.world.jobs.endNext("batch", RunResult.Ending.FAILED);
    engine.world.refuse("put job back", FakeWorld.userFault("you may not manage jobs"));
    WorkflowStub promotion = approved(engine);
    engine.untilState(promotion, PromotionState.STOPPED);
    engine.world.allow("put job back");
    return resumed(promotion);
  }

  private static WorkflowStub cancelledHalfRegistered(PromotionEngine engine) {
    engine.world.failNext("fillVersion", FakeWorld.userFault("no right to write"));
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.STOPPED);
    return cancelled(promotion);
  }

  private static WorkflowStub cancelledTooLate(PromotionEngine engine) throws InterruptedException {
    FakeWorld.Hold hold = engine.world.hold("mark dev Production");
    WorkflowStub promotion = approved(engine);
    hold.awaitReached();
    promotion.cancel("by ana@example.com: wrong data");
    engine.until(promotion, view -> !view.notices().isEmpty());
    hold.release();
    return ended(promotion);
  }

  private static WorkflowStub releasedBesideAMovedChampion(PromotionEngine engine) {
    engine.world.registry.isChampion("5", Map.of("rmse", 55.0), COMMIT);
    WorkflowStub promotion = waiting(engine);
    engine.world.registry.isChampion("6", Map.of("rmse", 54.0), COMMIT);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    return ended(promotion);
  }

  private static WorkflowStub releasedOnTheLongerPath(PromotionEngine engine) {
    engine.world.targets = List.of("qa", "prod");
    WorkflowStub promotion = engine.start();
    for (String request : List.of("qa-1", "prod-1")) {
      engine.until(promotion, view -> request.equals(view.request()));
      promotion.update("approve", Receipt.class, by("ana@example.com", request));
    }
    return ended(promotion);
  }

  private static WorkflowStub nobodyDecided(PromotionEngine engine) {
    return ended(waiting(engine));
  }

  static WorkflowStub holdingTheTurn(PromotionEngine engine) {
    engine.world.jobs.last("batch");
    WorkflowStub promotion = approved(engine);
    engine.until(promotion, view -> engine.world.jobs.awaited());
    return promotion;
  }

  static WorkflowStub queuedBehindAHolder(PromotionEngine engine) {
    holdingTheTurn(engine);
    return queuedBehind(engine);
  }

  private static WorkflowStub queuedBehind(PromotionEngine engine) {
    WorkflowStub second = engine.start(OTHER_COMMIT);
    engine.untilState(second, PromotionState.WAITING);
    second.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.until(second, view -> engine.lane("prod").waiting().size() == 1);
    return second;
  }

  private static WorkflowStub cancelledWaitingForTheTurn(PromotionEngine engine) {
    return cancelled(queuedBehindAHolder(engine));
  }

  private static WorkflowStub championRefusedAndPutBack(PromotionEngine engine) {
    engine.world.failNext("mark prod champion", FakeWorld.userFault("no right to move it"));
    WorkflowStub promotion = approved(engine);
    engine.untilState(promotion, PromotionState.STOPPED);
    return resumed(promotion);
  }

  private static WorkflowStub laneGrantedInTurn(PromotionEngine engine) {
    WorkflowStub second = queuedBehindAHolder(engine);
    engine.world.jobs.finish("batch");
    ended(second);
    return ended(lane(engine));
  }

  private static WorkflowStub laneHeldAndWanted(PromotionEngine engine) {
    queuedBehindAHolder(engine);
    return lane(engine);
  }

  private static WorkflowStub laneHolderTerminated(PromotionEngine engine) {
    WorkflowStub first = holdingTheTurn(engine);
    WorkflowStub second = queuedBehind(engine);
    first.terminate("lost");
    engine.world.jobs.finish("batch");
    ended(second);
    return ended(lane(engine));
  }

  private static WorkflowStub lanePassedOverWhoHadEnded(PromotionEngine engine) {
    WorkflowStub first = holdingTheTurn(engine);
    queuedBehind(engine).terminate("lost");
    engine.world.jobs.finish("batch");
    ended(first);
    return ended(lane(engine));
  }

  /** A lane continues as a new run with its state when its history grows long. */
  private static WorkflowStub laneCarriedOn(PromotionEngine engine) {
    WorkflowStub holder = engine.start();
    WorkflowStub waiter = engine.start(OTHER_COMMIT);
    List<TurnRequest> requests =
        List.of(holder, waiter).stream().map(Scenarios::requestOf).toList();
    WorkflowStub lane =
        startLane(engine, new LaneState(requests.getFirst(), List.of(requests.getLast())));
    for (TurnRequest request : requests) {
      lane.signal("giveBack", request);
      until(engine, () -> !request.equals(lane.query("state", LaneState.class).holder()));
    }
    return ended(lane);
  }

  private static WorkflowStub startLane(PromotionEngine engine, LaneState state) {
    WorkflowStub lane =
        engine
            .environment
            .getWorkflowClient()
            .newUntypedWorkflowStub("LaneWorkflow", options("lane/prod/diabetes"));
    lane.start(state);
    return lane;
  }

  private static TurnRequest requestOf(WorkflowStub promotion) {
    return new TurnRequest(
        "prod",
        "diabetes",
        PromotionEngine.id(promotion),
        "prod-1",
        Objects.requireNonNull(promotion.getExecution()).getRunId());
  }

  private static WorkflowStub lane(PromotionEngine engine) {
    return engine.environment.getWorkflowClient().newUntypedWorkflowStub("lane/prod/diabetes");
  }

  private static WorkflowStub copied(PromotionEngine engine, boolean dryRun) {
    return ended(copy(engine, dryRun));
  }

  private static WorkflowStub copyInPartitions(PromotionEngine engine) {
    engine.world.partitions = FakeWorld.cut(20, 2_500, 20L << 30);
    return ended(copy(engine, false));
  }

  private static WorkflowStub copyGivenUp(PromotionEngine engine) {
    engine.world.failNext("fill version 1 in prod", FakeWorld.userFault("no right to write"));
    return ended(copy(engine, false));
  }

  private static WorkflowStub copyCancelled(PromotionEngine engine) {
    engine.world.failNext("fill version 1 in prod", FakeWorld.platformFault("no answer"));
    WorkflowStub copy = copy(engine, false);
    until(
        engine,
        () ->
            copy.describe().getRawDescription().getPendingActivitiesList().stream()
                .anyMatch(activity -> activity.getAttempt() > 1));
    return cancelled(copy);
  }

  /** Of the second of two releases. */
  private static WorkflowStub rollback(PromotionEngine engine, String id) {
    for (String commit : List.of(COMMIT, OTHER_COMMIT)) {
      WorkflowStub promotion = engine.start(commit);
      engine.untilState(promotion, PromotionState.WAITING);
      promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
      ended(promotion);
    }
    WorkflowStub rollback =
        engine
            .environment
            .getWorkflowClient()
            .newUntypedWorkflowStub("RollbackWorkflow", options(id));
    rollback.start(FakeRollbacks.order(null));
    return rollback;
  }

  private static WorkflowStub rollbackResumed(PromotionEngine engine) {
    engine.world.refuse("restoreJob", FakeWorld.userFault("you may not change jobs"));
    WorkflowStub rollback = rollback(engine, "rollback/prod/diabetes/1");
    until(
        engine,
        () -> rollback.query("status", RollbackView.class).state() == CourseView.State.STOPPED);
    engine.world.allow("restoreJob");
    rollback.update("resume", Receipt.class, by("ana@example.com", ""));
    return ended(rollback);
  }

  private static WorkflowStub rollbackApproved(PromotionEngine engine) {
    engine.rollbacks.approve = List.of("model-owners");
    WorkflowStub rollback = rollback(engine, "rollback/prod/diabetes/1");
    until(
        engine,
        () -> rollback.query("status", RollbackView.class).state() == CourseView.State.WAITING);
    rollback.update("approve", Receipt.class, by("kim@example.com", "prod-1"));
    return ended(rollback);
  }

  private static WorkflowStub adoptionResumed(PromotionEngine engine) {
    engine.world.refuse("label prod/3", FakeWorld.userFault("you may not set tags"));
    WorkflowStub adoption = adopting(engine, false);
    until(
        engine,
        () -> adoption.query("status", AdoptView.class).state() == CourseView.State.STOPPED);
    engine.world.allow("label prod/3");
    adoption.update("resume", Receipt.class, by("ana@example.com", ""));
    return ended(adoption);
  }

  private static WorkflowStub adopting(PromotionEngine engine, boolean dryRun) {
    engine.world.registry.versions.add(
        new ModelVersion("prod", "diabetes", "3", "run-9", null, List.of(), Map.of(), null));
    engine.world.registry.isChampion("3", Map.of(), PromotionEngine.OTHER_COMMIT, "run-9");
    engine.world.endpoints.byHand("diabetes", FakeEndpoints.served("3", 100));
    AdoptStart start =
        new AdoptStart(
            "diabetes",
            "prod",
            null,
            Map.of("batch", "nightly", "serve", "diabetes"),
            dryRun,
            "ana@example.com");
    WorkflowStub adoption =
        engine
            .environment
            .getWorkflowClient()
            .newUntypedWorkflowStub("AdoptWorkflow", options(start.workflowId()));
    adoption.start(start);
    return adoption;
  }

  private static WorkflowStub copy(PromotionEngine engine, boolean dryRun) {
    engine.world.registry.registerVersion(
        new VersionOrder(
            "dev",
            "dev.ml.diabetes",
            new ModelLocation(
                "dev", "1", "run-1", "m-1", "model", "models:/m-1", "mlflow-artifacts:/1"),
            "made",
            Map.of(),
            ""));
    CopyStart start =
        new CopyStart("diabetes", "1", "dev", "prod", Verify.FULL, dryRun, "ana@example.com");
    WorkflowStub copy =
        engine
            .environment
            .getWorkflowClient()
            .newUntypedWorkflowStub("CopyWorkflow", options(start.workflowId()));
    copy.start(start);
    return copy;
  }

  private static WorkflowStub preflightRefusedFile(PromotionEngine engine) {
    engine.world.failNext("settings", FakeWorld.userFault("unknown key \"gate\""));
    return checked(engine, file());
  }

  private static WorkflowStub preflightRefusedWorkspace(PromotionEngine engine) {
    engine.findings.put(
        "prod", List.of(Finding.failed("workspace prod", "pool", "none", "ask for CAN_ATTACH_TO")));
    return checked(engine, file());
  }

  private static WorkflowStub preflightOfAVersion(PromotionEngine engine) {
    engine.world.registry.madeElsewhere("7");
    engine.world.making = new Making(List.of("b".repeat(40)), List.of("ana@example.com"), false);
    PreflightOrder first = file();
    return checked(
        engine, new PreflightOrder(first.file(), "promotion/diabetes/v7", first.fileHash(), "7"));
  }

  private static WorkflowStub approvedByTwo(PromotionEngine engine) {
    engine.world.registry.madeElsewhere("7");
    engine.world.making = new Making(List.of("b".repeat(40)), List.of("root"), false);
    WorkflowStub promotion =
        engine.start(
            PromotionEngine.start(List.of(), "7")
                .knowing(
                    List.of(), new Authorship(List.of(), List.of(), Map.of(), List.of(), false)));
    engine.untilState(promotion, PromotionState.WAITING);
    for (String name : List.of("ana@example.com", "rui@example.com")) {
      promotion.update("approve", Receipt.class, by(name, "prod-1"));
    }
    return ended(promotion);
  }

  private static PreflightOrder file() {
    return new PreflightOrder(
        new SettingsOrder("promotion.yaml", "model: diabetes", List.of()),
        "promotion/diabetes/0123456789ab",
        "f".repeat(64),
        null);
  }

  private static WorkflowStub checked(PromotionEngine engine, PreflightOrder order) {
    WorkflowStub preflight =
        engine
            .environment
            .getWorkflowClient()
            .newUntypedWorkflowStub("PreflightWorkflow", options("preflight/diabetes/1"));
    preflight.start(order);
    return ended(preflight);
  }

  private static WorkflowStub hello(PromotionEngine engine) {
    WorkflowStub hello =
        engine
            .environment
            .getWorkflowClient()
            .newUntypedWorkflowStub("HelloWorkflow", options("hello/1"));
    hello.start(new HelloStart("ana@example.com", "Azure DevOps build 4711"));
    return ended(hello);
  }

  /** Of a model that was released once. */
  private static WorkflowStub history(PromotionEngine engine, @Nullable Instant at) {
    ended(engine.approved());
    WorkflowStub history =
        engine
            .environment
            .getWorkflowClient()
            .newUntypedWorkflowStub("HistoryWorkflow", options("history/diabetes/1"));
    history.start(new HistoryOrder("diabetes", null, 20, at));
    return ended(history);
  }

  private static WorkspaceOrder freezeAll() {
    return WorkspaceOrder.freeze(
        null, Instant.parse("2999-12-31T18:00:00Z"), "ana@example.com", "the end of the year");
  }

  private static WorkflowStub unfrozenByOrder(PromotionEngine engine) {
    ordered(engine, freezeAll());
    return ordered(engine, WorkspaceOrder.unfreeze("prod", "ana@example.com", "over early"));
  }

  /** What knows whom a freeze holds up. */
  private static WorkflowStub heldUpAndTold(PromotionEngine engine) {
    ordered(engine, freezeAll());
    WorkflowStub promotion = waiting(engine);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.untilState(promotion, PromotionState.FROZEN);
    WorkflowStub frozen =
        engine.environment.getWorkflowClient().newUntypedWorkflowStub(FrozenWorkflow.idOf("prod"));
    ordered(engine, WorkspaceOrder.unfreeze("prod", "ana@example.com", "over early"));
    ended(promotion);
    return ended(frozen);
  }

  /** What a person rejected. */
  private static WorkflowStub liftedByOrder(PromotionEngine engine) {
    WorkflowStub rejected = waiting(engine);
    rejected.update("reject", Receipt.class, by("ana@example.com", "prod-1"));
    ended(rejected);
    return ordered(
        engine,
        WorkspaceOrder.lift(
            "diabetes",
            PromotionEngine.COMMIT.substring(0, 12),
            null,
            "ana@example.com",
            "it was right"));
  }

  private static WorkflowStub ordered(PromotionEngine engine, WorkspaceOrder order) {
    WorkflowStub ordered =
        engine
            .environment
            .getWorkflowClient()
            .newUntypedWorkflowStub("OrderWorkflow", options(order.kind().word() + "/all/1"));
    ordered.start(order);
    return ended(ordered);
  }

  private static WorkflowOptions options(String id) {
    return WorkflowOptions.newBuilder().setWorkflowId(id).setTaskQueue(Queues.PORTAGE).build();
  }

  private static WorkflowStub cancelled(WorkflowStub workflow) {
    workflow.cancel("by ana@example.com: wrong data");
    return ended(workflow);
  }

  /** Waits until it has ended, successfully or not. */
  private static WorkflowStub ended(WorkflowStub workflow) {
    try {
      workflow.getResult(Object.class);
    } catch (WorkflowFailedException notWell) {
      // Its history shows how it ended.
    }
    return workflow;
  }

  private static void until(PromotionEngine engine, BooleanSupplier wanted) {
    Instant end = Instant.now().plusSeconds(60);
    while (!wanted.getAsBoolean()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("it did not come about");
      }
      engine.environment.sleep(Duration.ofMillis(100));
    }
  }
}
