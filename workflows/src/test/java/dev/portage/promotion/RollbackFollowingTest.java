package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.OTHER_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeReceiver;
import dev.portage.quarantine.Quarantined;
import dev.portage.release.FinishStart;
import dev.portage.release.FinishView;
import dev.portage.release.FinishWorkflow;
import dev.portage.rollback.RollbackView;
import dev.portage.scoring.RemoveOrder;
import dev.portage.scoring.Removed;
import dev.portage.step.CourseView.State;
import dev.portage.temporal.Queues;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What follows a rollback, and who is told. */
class RollbackFollowingTest extends RollbackScene {

  @Test
  void theRowsOfTheLeftReleaseAreRemovedAndThoseOfItsScheduledRunsAreCounted() {
    released(2);
    world.scoring.removed = new Removed(442, null).besides(7L);

    RollbackView view = toTheReleaseBefore();

    assertThat(world.scoring.removedBatches)
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
    world.scoring.removed = Removed.never(442, "the table doesn't support DELETE: it is a view");
    RollbackView view = toTheReleaseBefore();
    assertThat(view.unfinished()).isEmpty();
    assertThat(line(view, "predictions")).contains("stay in").contains("doesn't support DELETE");
  }

  @Test
  void rowsThatARightProtectsAreLeftForAResume() {
    released(2);
    world.scoring.removed = new Removed(442, "[INSUFFICIENT_PERMISSIONS] no MODIFY");

    RollbackView view = toTheReleaseBefore();

    assertThat(view.unfinished())
        .singleElement()
        .satisfies(left -> assertThat(left.text()).contains("remove batch").contains("no MODIFY"));
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

  /** Both labels, each time. */
  @Test
  void fiveFailuresInARowLeaveNothingToBeFinishedByAPerson() {
    released(2);
    for (int i = 0; i < 10; i++) {
      world.failNext("labelVersion", FakeWorld.platformFault("500"));
    }

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).isEqualTo(State.DONE);
    assertThat(view.unfinished()).isEmpty();
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
    assertThat(world.clearance.entries).extracting(Quarantined::version).containsExactly("1");
    assertThat(world.scoring.removedBatches).extracting(RemoveOrder::version).containsExactly("1");
  }

  @Test
  void whatIsFinishedLateIsDoneWhileTheLeftVersionIsNotLive() {
    released(2);
    world.refuse("quarantine", FakeWorld.userFault("no right to write there"));
    RollbackView first = toTheReleaseBefore();
    world.allow("quarantine");

    assertThat(finish(first).done()).containsExactly("quarantine: version 2 is quarantined");
  }

  @Test
  void goingBackToWhatIsInQuarantineSaysSoAndLiftsItOnce() {
    released(2);
    toTheReleaseBefore();
    assertThat(inForce()).containsExactly("2");

    RollbackView forward = backTo("2", 2);

    assertThat(inForce()).containsExactly("1");
    assertThat(Objects.requireNonNull(forward.plan()).remarks())
        .anyMatch(remark ->
            remark.startsWith("version 2 has been in quarantine since 20")
                && remark.endsWith(": it doubles; going back lifts it"));
    assertThat(line(forward, "lift")).isEqualTo("version 2 is lifted");
    assertThat(forward.unfinished()).isEmpty();
    assertThat(world.clearance.entries)
        .filteredOn(entry -> "2".equals(entry.version()))
        .singleElement()
        .satisfies(entry -> {
          Quarantined.Lifted lifted = Objects.requireNonNull(entry.lifted());
          assertThat(lifted.by()).isEqualTo("rollback/prod/diabetes/2");
          assertThat(lifted.reason()).isEqualTo("it doubles");
        });
    assertThat(world.count("lift ")).isEqualTo(1);
  }

  @Test
  void goingBackToWhatIsNotInQuarantineLiftsNothing() {
    released(2);

    RollbackView view = toTheReleaseBefore();

    assertThat(world.count("lift ")).isZero();
    assertThat(line(view, "lift")).isEmpty();
  }

  @Test
  void aLiftWithoutAnAnswerIsNotDoneTwice() {
    released(2);
    toTheReleaseBefore();
    world.failNext("lifted", FakeWorld.userFault("connection reset"));

    RollbackView forward = backTo("2", 2);

    assertThat(forward.unfinished()).isEmpty();
    assertThat(line(forward, "lift")).isEqualTo("version 2 is not in quarantine any more");
    assertThat(inForce()).containsExactly("1");
    assertThat(world.count("lift ")).isEqualTo(1);
  }

  @Test
  void whatIsLiftedLateStaysRefusedIfItWasLeftAgainSince() {
    released(2);
    toTheReleaseBefore();
    world.refuse("lift", FakeWorld.userFault("no right to write there"));
    RollbackView forward = backTo("2", 2);
    assertThat(forward.unfinished())
        .singleElement()
        .satisfies(left -> assertThat(left.text()).contains("lift version 2"));
    world.allow("lift");
    backTo("1", 3);
    assertThat(inForce()).contains("2").doesNotContain("1");

    assertThat(finish(forward).done())
        .containsExactly("lift: not done, since version 2 is live no more in prod");
    assertThat(inForce()).contains("2");
  }

  private RollbackView backTo(String version, int number) {
    return start("rollback/prod/diabetes/" + number, FakeRollbacks.order(version))
        .getResult(RollbackView.class);
  }

  /** Versions that are in quarantine. */
  private List<String> inForce() {
    return world.clearance.entries.stream()
        .filter(Quarantined::inForce)
        .map(entry -> String.valueOf(entry.version()))
        .toList();
  }

  @Test
  void peopleAreToldOfARollbackWhoWhyAndWhatIsLive() {
    released(2);
    engine.rollbacks.receivers =
        List.of(
            new NoticeReceiver("team", List.of(NoticeKind.ROLLBACK)),
            new NoticeReceiver("others", List.of(NoticeKind.FAILED)));

    RollbackView view = toTheReleaseBefore();

    untilDelivered(1);
    assertThat(world.delivered)
        .singleElement()
        .satisfies(order -> {
          assertThat(order.receiver()).isEqualTo("team");
          assertThat(order.notice().id()).isEqualTo(ID + "/rollback");
          assertThat(order.notice().kind()).isEqualTo(NoticeKind.ROLLBACK);
          assertThat(order.notice().says()).isEqualTo("version 2 → version 1 in prod (it doubles)");
          assertThat(order.notice().startedBy()).isEqualTo("rui@example.com");
          assertThat(order.notice().live()).containsExactly("v1 in prod");
        });
    assertThat(view.notices()).isEmpty();
  }

  @Test
  void aReceiverThatDoesNotHaveItIsNamedOnThePage() {
    released(2);
    engine.rollbacks.receivers = List.of(new NoticeReceiver("team", List.of(NoticeKind.ASKED)));
    engine.rollbacks.approve = List.of("model-risk");
    world.groups = Map.of("model-risk", List.of("kim@example.com"));
    world.refuse("deliver", FakeWorld.userFault("404 no such channel"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));

    RollbackView told =
        until(
            rollback,
            view -> view.notices().stream().anyMatch(notice -> notice.contains("not notified")));

    assertThat(told.notices()).anyMatch(notice -> notice.contains("404 no such channel"));
    assertThat(told.state()).isEqualTo(State.WAITING);
  }

  @Test
  void eachStopIsToldThoughAnotherRunOfTheWorkflowGoesOn() {
    released(2);
    engine.rollbacks.receivers = List.of(new NoticeReceiver("team", List.of(NoticeKind.STOPPED)));
    world.failNext("mark", FakeWorld.userFault("you may not move it"));
    world.passNext("mark");
    world.failNext("mark", FakeWorld.userFault("you still may not"));
    WorkflowStub rollback = start(ID, FakeRollbacks.order(null));
    untilStopped(rollback);
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
}
