package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.id;
import static dev.portage.promotion.PromotionEngine.status;
import static dev.portage.promotion.PromotionEngine.viewOfFailure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.freeze.FreezeOrder;
import dev.portage.job.Source;
import dev.portage.lane.LaneState;
import dev.portage.lane.LaneWorkflow;
import dev.portage.lane.TurnRequest;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeReceiver;
import dev.portage.settings.Concurrency;
import dev.portage.step.StepView;
import dev.portage.temporal.TestTemporal;
import dev.portage.underway.Ancestors;
import dev.portage.underway.Superseded;
import io.temporal.client.BatchRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of several commits of a model the newest goes live, and older promotions end. */
@Timeout(120)
class SupersedingTest {

  private static final TurnRequest ROLLBACK =
      new TurnRequest("prod", "diabetes", "rollback/prod/diabetes/1", "prod-1", "run-r");

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void aNewerCommitEndsAnOlderOneThatWaitsForApproval() {
    world.receivers = List.of(new NoticeReceiver("team", List.of(NoticeKind.SUPERSEDED)));
    WorkflowStub older = engine.start(commit(1));
    engine.untilState(older, PromotionState.WAITING);

    WorkflowStub newer = engine.start(commit(2));

    PromotionView end = viewOfFailure(older, PromotionWorkflow.SUPERSEDED);
    assertThat(end.state()).isEqualTo(PromotionState.SUPERSEDED);
    assertThat(end.request()).as("the request is closed").isNull();
    assertThat(end.says())
        .startsWith("superseded by " + id(newer) + ", since commit 000200000000 is newer");
    assertThat(Objects.requireNonNull(end.problem()).remedy()).contains("--allow-older");
    assertThat(world.delivered)
        .extracting(order -> order.notice().kind())
        .containsExactly(NoticeKind.SUPERSEDED);
    engine.untilState(newer, PromotionState.WAITING);
  }

  @Test
  void aNewerCommitEndsAnOlderOnesTraining() {
    world.jobs.last("diabetes train");
    WorkflowStub older = engine.start(commit(1));
    engine.until(older, view -> world.jobs.awaited());

    engine.start(commit(2));

    PromotionView end = viewOfFailure(older, PromotionWorkflow.SUPERSEDED);
    assertThat(world.effects).contains("cancel run diabetes train");
    assertThat(end.steps())
        .filteredOn(step -> step.name().equals("train"))
        .extracting(StepView::state)
        .containsExactly(StepView.State.FAILED);
    world.jobs.finish("diabetes train");
  }

  @Test
  void aCallUnderWayIsAwaitedBeforeAnOlderOneEnds() throws InterruptedException {
    FaultyWorld.Hold hold = world.hold("register in dev");
    WorkflowStub older = engine.start(commit(1));
    hold.awaitReached();
    WorkflowStub newer = engine.start(commit(2));
    engine.until(older, view -> view.says().startsWith("superseded"));
    hold.release();

    PromotionView end = viewOfFailure(older, PromotionWorkflow.SUPERSEDED);
    assertThat(end.state()).isEqualTo(PromotionState.SUPERSEDED);
    engine.untilState(newer, PromotionState.WAITING);
  }

  @Test
  void anOlderCommitThatComesLateEndsBeforeItTrains() {
    WorkflowStub newer = engine.start(commit(2));
    engine.untilState(newer, PromotionState.WAITING);
    long trainings = world.count("submit notebooks/train.py");

    WorkflowStub older = engine.start(commit(1));

    PromotionView end = viewOfFailure(older, PromotionWorkflow.SUPERSEDED);
    assertThat(end.says()).contains(id(newer)).contains("is newer and under way");
    assertThat(world.count("submit notebooks/train.py")).isEqualTo(trainings);
  }

  @Test
  void oneThatHoldsTheTurnIsNotSupersededAndTheNewerOneComesAfterIt() {
    world.jobs.last("batch");
    WorkflowStub older = approved(commit(1));
    engine.until(older, view -> world.jobs.awaited());

    WorkflowStub newer = engine.start(commit(2));
    engine.until(
        older,
        view -> view.notices().stream().anyMatch(notice -> notice.startsWith("superseded by")));
    engine.untilState(newer, PromotionState.WAITING);
    assertThat(status(older).state()).isEqualTo(PromotionState.RUNNING);
    world.jobs.finish("batch");

    assertThat(older.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    newer.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    engine.until(newer, view -> view.request() == null || "prod-2".equals(view.request()));
  }

  @Test
  void inAQueueAnOlderOneGoesOnUntilANewerOneIsLive() {
    world.concurrency = Concurrency.QUEUE;
    WorkflowStub older = engine.start(commit(1));
    engine.untilState(older, PromotionState.WAITING);
    WorkflowStub newer = approved(commit(2));
    assertThat(newer.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);

    PromotionView end = viewOfFailure(older, PromotionWorkflow.SUPERSEDED);
    assertThat(end.says()).contains("a newer candidate went live meanwhile");
  }

  @Test
  void inAQueueAnOlderVersionThatWaitsForTheTurnLearnsThatANewerOneIsLive()
      throws InterruptedException {
    WorkflowStub newer = newerThatScores();
    WorkflowStub older = approved(PromotionEngine.start(List.of(), "7"));
    engine.until(older, view -> !engine.lane("prod").waiting().isEmpty());
    FaultyWorld.Hold closing = world.hold("mark dev Production");
    world.jobs.finish("batch");
    closing.awaitReached();

    // The newer one is live and has given its turn back, but has not ended.
    PromotionView end = viewOfFailure(older, PromotionWorkflow.SUPERSEDED);
    assertThat(end.releases()).isEmpty();
    // Told while it waits, or answered when it asks under the turn.
    assertThat(end.says()).contains(id(newer), "went live meanwhile");
    assertThat(end.requests()).as("nobody is asked again").hasSize(1);
    assertThat(world.count("run job")).isEqualTo(1);
    assertThat(engine.lane("prod").holder()).isNull();
    closing.release();
    assertThat(newer.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void inAQueueAnOlderVersionThatIsWantedGoesLiveAfterANewerOne() {
    WorkflowStub newer = newerThatScores();
    WorkflowStub older =
        approved(PromotionEngine.start(List.of(), "7").toBuilder().allowOlder(true).build());
    engine.until(older, view -> !engine.lane("prod").waiting().isEmpty());
    world.jobs.finish("batch");
    assertThat(newer.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);

    engine.until(older, view -> "prod-2".equals(view.request()));
    older.update("approve", Receipt.class, by("ana@example.com", "prod-2"));
    assertThat(older.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  /** Version 8, in a queue; version 7 is there, too. */
  private WorkflowStub newerThatScores() {
    world.concurrency = Concurrency.QUEUE;
    world.registry.madeElsewhere("7");
    world.registry.madeElsewhere("8");
    world.jobs.last("batch");
    WorkflowStub newer = approved(PromotionEngine.start(List.of(), "8"));
    engine.until(newer, view -> world.jobs.awaited());
    return newer;
  }

  /** Where an older promotion may be when a newer one comes. None of them holds the turn. */
  enum Stage {
    STOPPED,
    REGISTERING,
    QUEUED,
    FROZEN
  }

  @ParameterizedTest
  @EnumSource
  void aNewerCommitEndsAnOlderOneWhereverItIs(Stage stage) throws InterruptedException {
    FaultyWorld.@Nullable Hold hold = null;
    switch (stage) {
      case STOPPED -> world.failNext("makeManifest", FakeWorld.userFault("no files"));
      case REGISTERING -> hold = world.hold("register in prod");
      case QUEUED -> rollbackHoldsTheTurn();
      case FROZEN ->
          world.clearance.freeze(
              new FreezeOrder(
                  "f-1",
                  "prod",
                  Instant.parse("2999-01-01T00:00:00Z"),
                  "ops@example.com",
                  "end of the year",
                  Instant.EPOCH));
    }
    WorkflowStub older = stage == Stage.STOPPED ? engine.start(commit(1)) : approved(commit(1));
    switch (stage) {
      case STOPPED -> engine.untilState(older, PromotionState.STOPPED);
      case REGISTERING -> Objects.requireNonNull(hold).awaitReached();
      case QUEUED -> engine.until(older, view -> !engine.lane("prod").waiting().isEmpty());
      case FROZEN -> engine.untilState(older, PromotionState.FROZEN);
    }

    WorkflowStub newer = engine.start(commit(2));

    engine.until(older, view -> view.says().startsWith("superseded"));
    if (hold != null) {
      hold.release();
    }
    PromotionView end = viewOfFailure(older, PromotionWorkflow.SUPERSEDED);
    assertThat(end.says()).startsWith("superseded by " + id(newer));
    assertThat(end.releases()).isEmpty();
    assertThat(world.count("run job")).isZero();
    if (stage == Stage.QUEUED) {
      assertThat(engine.lane("prod").waiting()).isEmpty();
      lane().giveBack(ROLLBACK);
    }
    engine.untilState(newer, PromotionState.WAITING);
  }

  @Test
  void aRepeatOfACommitWithAnotherFileTakesThePlaceOfTheFirst() {
    WorkflowStub first = engine.start(commit(1));
    engine.untilState(first, PromotionState.WAITING);
    PromotionStart start = commit(1);
    WorkflowStub repeat =
        engine.start(
            start.toBuilder()
                .key(start.key() + "/2")
                .reason("another file")
                .file("other.yaml", start.fileText(), "e".repeat(64))
                .build());

    assertThat(viewOfFailure(first, PromotionWorkflow.SUPERSEDED).says())
        .startsWith("superseded by " + id(repeat));
    engine.untilState(repeat, PromotionState.WAITING);
  }

  @Test
  void aVersionWhoseRunNamesAnOlderCommitEndsOnceThatIsKnown() {
    WorkflowStub newer = engine.start(commit(2));
    engine.untilState(newer, PromotionState.WAITING);
    world.registry.madeElsewhere("7");
    world.trainedFrom = commitId(1);

    WorkflowStub version = engine.start(PromotionEngine.start(List.of(), "7"));

    PromotionView end = viewOfFailure(version, PromotionWorkflow.SUPERSEDED);
    assertThat(end.says()).contains(id(newer)).contains("is newer and under way");
    assertThat(end.requests()).isEmpty();
  }

  @Test
  void anotherPromotionIsRefusedWhereThePolicySaysSo() {
    world.concurrency = Concurrency.REFUSE;
    WorkflowStub first = engine.start(commit(1));
    engine.untilState(first, PromotionState.WAITING);

    WorkflowStub second = engine.start(commit(2));

    PromotionView end = viewOfFailure(second, PromotionWorkflow.REJECTED);
    assertThat(end.says()).contains(id(first) + " is under way (concurrency: refuse)");
    assertThat(status(first).state()).isEqualTo(PromotionState.WAITING);
  }

  @Test
  void aTerminatedPromotionStandsInNobodysWay() {
    world.concurrency = Concurrency.REFUSE;
    WorkflowStub first = engine.start(commit(1));
    engine.untilState(first, PromotionState.WAITING);
    first.terminate("in the Web UI");

    engine.untilState(engine.start(commit(2)), PromotionState.WAITING);
  }

  @Test
  void whoseAncestryIsUnknownBothGoOnAndSaySo() {
    WorkflowStub first = engine.start();
    engine.untilState(first, PromotionState.WAITING);
    WorkflowStub second = engine.start(PromotionEngine.OTHER_COMMIT);
    PromotionView view = engine.untilState(second, PromotionState.WAITING);
    assertThat(view.notices())
        .anyMatch(notice ->
            notice.contains(id(first)) && notice.contains("is older or newer is unknown"));
    assertThat(status(first).state()).isEqualTo(PromotionState.WAITING);
  }

  @Test
  void ofManyCommitsInAnyOrderTheNewestIsLiveInTheEnd() {
    List<Integer> order = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6));
    Collections.shuffle(order, new Random(3));
    List<WorkflowStub> all = new ArrayList<>();
    for (Integer number : order) {
      WorkflowStub one = engine.start(commit(number));
      // The test server loses a cancel of a call that no worker has taken yet.
      for (int i = 0; i < 60 && !isAtRest(status(one)); i++) {
        engine.environment.sleep(Duration.ofSeconds(1));
      }
      all.add(one);
    }
    WorkflowStub newest = all.get(order.indexOf(6));
    newest.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    assertThat(newest.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    all.stream()
        .filter(one -> !one.equals(newest))
        .forEach(older ->
            assertThat(viewOfFailure(older, PromotionWorkflow.SUPERSEDED).releases()).isEmpty());
  }

  private static boolean isAtRest(PromotionView view) {
    return view.state() == PromotionState.WAITING || view.state().ended();
  }

  @Test
  void aMessageThatSupersedesAReleasedPromotionComesTooLate() throws InterruptedException {
    FaultyWorld.Hold hold = world.hold("mark dev Production");
    WorkflowStub promotion = engine.approved();
    hold.awaitReached();
    promotion.signal(Superseded.SIGNAL, new Superseded("promotion/diabetes/x", "it is newer"));
    hold.release();
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  private WorkflowStub approved(PromotionStart start) {
    return engine.approved(engine.start(start));
  }

  private void rollbackHoldsTheTurn() {
    world.rollbacks.add(ROLLBACK.holder());
    WorkflowClient client = engine.environment.getWorkflowClient();
    LaneWorkflow lane =
        client.newWorkflowStub(LaneWorkflow.class, TestTemporal.withId(ROLLBACK.laneId()));
    BatchRequest both = client.newSignalWithStartRequest();
    both.add(lane::run, LaneState.free());
    both.add(lane::request, ROLLBACK);
    client.signalWithStart(both);
  }

  private LaneWorkflow lane() {
    return engine
        .environment
        .getWorkflowClient()
        .newWorkflowStub(LaneWorkflow.class, ROLLBACK.laneId());
  }

  /** One of a line of commits, each after the one before. */
  private static PromotionStart commit(int number) {
    String commit = commitId(number);
    List<String> before = new ArrayList<>();
    for (int i = number - 1; i > 0; i--) {
      before.add(commitId(i));
    }
    PromotionStart first = PromotionEngine.start(List.of(), null);
    Source source = Objects.requireNonNull(first.source());
    return PromotionStart.of(first.model(), commit.substring(0, 12))
        .file(first.fileName(), first.fileText(), first.fileHash())
        .commit(commit)
        .source(new Source(source.gitUrl(), source.gitProvider(), commit, source.folder()))
        .startedBy(first.startedBy())
        .committer(first.committer())
        .ancestors(Ancestors.of(before))
        .build();
  }

  /** Digits at the front tell them apart, and are what people see. */
  private static String commitId(int number) {
    return "%04x".formatted(number) + "0".repeat(36);
  }
}
