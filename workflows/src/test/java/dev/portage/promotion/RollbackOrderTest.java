package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.Receipt;
import dev.portage.quarantine.Quarantined;
import dev.portage.release.Release;
import dev.portage.rollback.RollbackView;
import dev.portage.step.CourseView.State;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who may order a rollback and how, and what is refused before anything changes. */
class RollbackOrderTest extends RollbackScene {

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
  void aModelThatDoesNotExistIsNotToBeAdopted() {
    world.unregistered = List.of("nosuch");

    assertThat(refused(Map.of("model", "nosuch", "by", "rui@example.com", "reason", "x")))
        .contains("there is no registered model nosuch in prod")
        .doesNotContain("portage adopt");
  }

  @Test
  void whereTheLiveReleaseIsTheOnlyOneNoOtherIsOffered() {
    released(1);

    for (String to : Arrays.asList(null, "1")) {
      assertThat(refused(FakeRollbacks.order(to)))
          .as(to)
          .contains("version 1")
          .doesNotContain("Name a")
          .doesNotContain("released so far");
    }
    assertThat(refused(FakeRollbacks.order(null)))
        .contains("There is no earlier release to go back to");
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
  void aLookThatFailsStopsAndIsRepeatedByAResume() {
    released(2);
    long before = changes();
    world.failNext("findJob", FakeWorld.userFault("403: no permission to view jobs"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));

    RollbackView stopped = untilStopped(rollback);

    assertThat(stopped.says()).startsWith("stopped at look: 403: no permission");
    assertThat(stopped.next()).isEqualTo("portage resume " + ID);
    assertThat(changes()).isEqualTo(before);
    assertThat(engine.lane("prod").holder()).isNull();
    rollback.update("resume", Receipt.class, Map.of("by", "rui@example.com"));

    assertThat(rollback.getResult(RollbackView.class).state()).isEqualTo(State.DONE);
  }

  @Test
  void aLookAloneThatFailsEndsSinceNobodyWaitsForIt() {
    released(2);
    world.failNext("findJob", FakeWorld.userFault("403: no permission to view jobs"));

    RollbackView view =
        failed(
            start(
                "preflight/rollback/diabetes/1",
                Map.of("model", "diabetes", "by", "rui@example.com", "dryRun", true)));

    assertThat(view.says()).startsWith("403: no permission");
  }

  @Test
  void anEntryThatCannotBeReadIsSaidBesideARefusal() {
    released(2);
    world.unreadable = List.of("entry x can't be read: run r1 was changed");

    assertThat(refused(FakeRollbacks.order("9")))
        .contains("version 9 was never released there, as far as its log can be read")
        .contains("run r1 was changed");
  }

  @Test
  void aSecondOneIsRefusedWhileOneRunsAndChangesNothing() {
    released(2);
    engine.rollbacks.approve = List.of("model-risk");
    world.groups = Map.of("model-risk", List.of("kim@example.com"));
    WorkflowStub first = start(ID, FakeRollbacks.order(null));
    until(first, view -> view.state() == State.WAITING);
    long before = changes();

    RollbackView second = failed(start("from the Web UI", FakeRollbacks.order("1")));
    RollbackView look =
        failed(
            start(
                "preflight/rollback/diabetes/2",
                Map.of("model", "diabetes", "by", "rui@example.com", "dryRun", true)));

    assertThat(second.says()).contains(ID + " is still running");
    assertThat(look.says()).contains(ID + " is still running");
    assertThat(changes()).isEqualTo(before);
    assertThat(first.query("status", RollbackView.class).state()).isEqualTo(State.WAITING);
  }

  @Test
  void aTargetThatIsRefusedWhilePeopleDecideIsNotGoneBackTo() {
    released(2);
    engine.rollbacks.approve = List.of("model-risk");
    world.groups = Map.of("model-risk", List.of("kim@example.com"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));
    until(rollback, view -> view.state() == State.WAITING);
    engine.environment.sleep(Duration.ofHours(2));
    Release target = Objects.requireNonNull(world.log.getFirst().release());
    world.clearance.quarantine(
        Quarantined.of(
                "prod",
                "diabetes",
                target.digest(),
                Quarantined.Why.REJECTED,
                "promotion/diabetes/other",
                "eve@example.com",
                Instant.ofEpochMilli(engine.environment.currentTimeMillis()))
            .version(target.version())
            .reason("it was never right")
            .build());
    long before = changes();

    rollback.update("approve", Receipt.class, receipt("kim@example.com"));
    RollbackView view = failed(rollback);

    assertThat(view.says())
        .contains("version 1 was put in quarantine since it was decided to go back to it")
        .contains("it was never right");
    assertThat(changes()).isEqualTo(before);
    assertThat(engine.lane("prod").holder()).isNull();
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
    assertThat(engine.workflow(ID).query("status", RollbackView.class).state())
        .isEqualTo(State.DONE);
  }

  @Test
  void underAnIdOfAWatchNobodyGetsAroundTheApprovals() {
    released(2);
    engine.rollbacks.approve = List.of("model-risk");
    long before = changes();

    RollbackView view = failed(start("watch/prod/diabetes/3", FakeRollbacks.order(null)));

    assertThat(view.says()).contains("ids that begin with watch/ are those of watches");
    assertThat(Objects.requireNonNull(view.problem()).remedy())
        .contains("portage rollback diabetes --reason TEXT");
    assertThat(changes()).isEqualTo(before);
  }

  @Test
  void aCancelOfTheOneStartedUnderAnyNameCancelsBoth() {
    released(2);
    engine.rollbacks.approve = List.of("model-risk");
    world.groups = Map.of("model-risk", List.of("kim@example.com"));
    WorkflowStub outer = start("from the Web UI", FakeRollbacks.order(null));
    until(outer, view -> view.notices().contains("the rollback is " + ID));
    until(engine.workflow(ID), view -> view.state() == State.WAITING);

    outer.cancel();

    assertThatThrownBy(() -> outer.getResult(RollbackView.class))
        .hasCauseInstanceOf(CanceledFailure.class);
    RollbackView view = outer.query("status", RollbackView.class);
    assertThat(view.state()).isEqualTo(State.CANCELLED);
    assertThat(view.notices())
        .contains("the cancel went to " + ID + ", too, and its page says whether it came too late");
    assertThat(engine.workflow(ID).query("status", RollbackView.class).state())
        .isEqualTo(State.CANCELLED);
  }

  @Test
  void aCancelWhileTheChampionMovesComesTooLateAndThatIsSaid() throws InterruptedException {
    released(2);
    FaultyWorld.Hold hold = world.hold("mark prod champion");
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));
    hold.awaitReached();

    rollback.cancel("by kim@example.com: wait");
    engine.untilHistoryHas(rollback, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED);
    hold.release();

    RollbackView view = until(rollback, now -> now.state() == State.DONE);
    assertThat(view.says()).isEqualTo("version 2 → version 1 in prod");
    assertThat(view.notices())
        .containsOnlyOnce(
            "cancelled by kim@example.com: wait, but too late: "
                + ID
                + " is past the point of no return");
    assertThat(view.unfinished()).isEmpty();
    assertThat(world.registry.marks).containsEntry("prod/champion", "1");
  }

  @Test
  void aCancelOfWhatFollowsIsSaidAtOnce() throws InterruptedException {
    released(2);
    FaultyWorld.Hold hold = world.hold("quarantine version 2");
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));
    hold.awaitReached();

    rollback.cancel("Canceled from the Web UI");
    until(
        rollback,
        view ->
            view.notices()
                .contains(
                    "cancelled from the Web UI, but too late: "
                        + ID
                        + " is past the point of no return"));
    hold.release();

    RollbackView view = until(rollback, now -> now.state() == State.DONE);
    assertThat(view.notices()).hasSize(1);
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

  /** A watch of the one before orders by its versions, which are others. */
  @Test
  void whatWasAgreedForAnotherRegisteredModelIsRefused() {
    released(2);
    long before = changes();

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
                    Map.of("from", "2", "to", "1", "registered", "diabetes-before"))))
        .contains("it was agreed to change diabetes-before: version 2 → version 1");
    assertThat(changes()).isEqualTo(before);
  }
}
