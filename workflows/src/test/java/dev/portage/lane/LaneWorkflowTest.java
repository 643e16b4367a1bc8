package dev.portage.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.temporal.Payloads;
import dev.portage.text.NastyTexts;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who gets a turn, in which order, and when. */
class LaneWorkflowTest extends LaneScene {

  @Test
  void grantsTheTurnToOneAtATimeInOrderOfRequests() {
    TurnRequest first = ask("promotion/m/1");
    TurnRequest second = ask("promotion/m/2");
    ask("promotion/m/2");
    awaitHolder(first);
    assertThat(state().waiting()).containsExactly(second);
    lane().giveBack(first);
    awaitHolder(second);
    assertThat(state().waiting()).isEmpty();
  }

  @Test
  void noticesAHolderThatWasTerminatedAndGivesTheTurnToTheNext() {
    TurnRequest first = ask("promotion/m/1");
    TurnRequest second = ask("promotion/m/2");
    awaitHolder(first);
    dies("promotion/m/1");
    environment.sleep(Duration.ofMinutes(2));
    awaitHolder(second);
  }

  @Test
  void skipsWaitersThatHaveEnded() {
    TurnRequest first = ask("promotion/m/1");
    ask("promotion/m/2");
    client.newWorkflowStub(HolderWorkflow.class, "promotion/m/2").end();
    WorkflowStub.fromTyped(client.newWorkflowStub(HolderWorkflow.class, "promotion/m/2"))
        .getResult(String.class);
    dies("promotion/m/2");
    TurnRequest third = ask("promotion/m/3");
    lane().giveBack(first);
    awaitHolder(third);
  }

  @Test
  void endsWhenNobodyRequestsTheTurn() {
    TurnRequest only = ask("promotion/m/1");
    WorkflowStub lane = client.newUntypedWorkflowStub(only.laneId());
    lane().giveBack(only);
    lane.getResult(Void.class);
    assertThat(lane.describe().getCloseTime()).isNotNull();
  }

  /** One that is left rings a minute later, which costs a workflow task for nothing. */
  @Test
  void noTimerIsLeftOfATurnThatWasGivenBack() {
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    awaitHolder(first);
    for (int i = 2; i < 5; i++) {
      TurnRequest next = ask(request("promotion/m/" + i, "run-" + i));
      lane().giveBack(first);
      awaitHolder(next);
      first = next;
    }

    Set<String> running = new HashSet<>();
    client
        .fetchHistory(first.laneId())
        .getEvents()
        .forEach(event -> {
          if (event.hasTimerStartedEventAttributes()) {
            running.add(event.getTimerStartedEventAttributes().getTimerId());
          }
          running.remove(event.getTimerCanceledEventAttributes().getTimerId());
          running.remove(event.getTimerFiredEventAttributes().getTimerId());
        });
    assertThat(running).as("timers, of which one watches the holder").hasSize(1);
  }

  @Test
  void eachGrantHasAHigherNumberThanTheOneBefore() {
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    awaitHolder(first);
    assertThat(state().number()).isEqualTo(1);
    TurnRequest second = ask(request("promotion/m/2", "run-2"));
    lane().giveBack(first);
    awaitHolder(second);
    assertThat(state().number()).isEqualTo(2);
    assertThat(newest).containsValue(new Grant(second, 2L));
  }

  @Test
  void aLaneThatIsCancelledContinues() {
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    awaitHolder(first);
    client.newUntypedWorkflowStub(first.laneId()).cancel();
    TurnRequest second = ask(request("promotion/m/2", "run-2"));
    lane().giveBack(first);
    awaitHolder(second);
  }

  @Test
  void aNewLaneDoesNotGrantWhileALostLanesHolderWorks() {
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    awaitHolder(first);
    client.newUntypedWorkflowStub(first.laneId()).terminate("by mistake");

    TurnRequest second = ask(request("promotion/m/2", "run-2"));

    awaitHolder(first);
    assertThat(state()).isEqualTo(new LaneState(first, List.of(second), 1L, null, state().since()));
    lane().giveBack(first);
    awaitHolder(second);
    assertThat(state().number()).isEqualTo(2);
  }

  @Test
  void aNewLaneDoesNotWaitForAHolderThatEndedLongAgo() {
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    awaitHolder(first);
    client.newUntypedWorkflowStub(first.laneId()).terminate("by mistake");
    dead.put("promotion/m/1", Instant.EPOCH);

    awaitHolder(ask(request("promotion/m/2", "run-2")));
    assertThat(state().number()).isEqualTo(2);
  }

  @Test
  void aResetPromotionRequestsTheTurnForItsNewRun() {
    TurnRequest before = ask(request("promotion/m/1", "run-1"));
    awaitHolder(before);
    dies("run-1");
    TurnRequest after = ask(request("promotion/m/1", "run-2"));
    awaitHolder(after);
    assertThat(state().waiting()).isEmpty();
    assertThat(state().number()).isEqualTo(2);
  }

  @Test
  void aMessageWithoutARequestChangesNothing() {
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    awaitHolder(first);
    WorkflowStub lane = client.newUntypedWorkflowStub(first.laneId());
    for (String name : List.of("request", "giveBack")) {
      lane.signal(name);
      lane.signal(name, new @Nullable Object[] {null});
    }
    assertThat(lane.update("grant", Grant.class)).isNull();
    assertThat(lane.update("grant", Grant.class, new @Nullable Object[] {null})).isNull();

    TurnRequest second = ask(request("promotion/m/2", "run-2"));
    assertThat(state()).isEqualTo(new LaneState(first, List.of(second), 1L, null, state().since()));
    lane().giveBack(first);
    awaitHolder(second);
  }

  @Test
  void requestsThatAreNotAPromotionsAreDropped() {
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    awaitHolder(first);
    WorkflowStub lane = client.newUntypedWorkflowStub(first.laneId());
    for (TurnRequest stranger :
        List.of(
            new TurnRequest("nowhere", "m", "promotion/m/2", "nowhere-1", "run-2"),
            new TurnRequest("prod", "other", "promotion/other/2", "prod-1", "run-2"),
            new TurnRequest("prod/m", "", "promotion/m/2", "prod-1", "run-2"),
            new TurnRequest("prod", "m", "copy/dev/prod/m/2", "prod-1", "run-2"),
            new TurnRequest("prod", "m", "", "", null),
            new TurnRequest("prod", "m", "rollbacks/m/2", "prod-1", "run-2"),
            new TurnRequest("prod", "m", "promotion/m/" + "x".repeat(900_000), "prod-1", "run-2"),
            new TurnRequest("prod", "m", "promotion/m/2", "x".repeat(900_000), "run-2"),
            new TurnRequest("prod", "m", "promotion/m/2", "prod-1", "x".repeat(900_000)),
            new TurnRequest("prod", "m", "promotion/m/2", "prod-\ud800", "run-2"))) {
      lane.signal("request", stranger);
      assertThat(lane.update("grant", Grant.class, stranger)).isNull();
    }
    assertThat(state()).isEqualTo(new LaneState(first, List.of(), 1L, null, state().since()));
  }

  @Test
  void aLanesStateFitsIntoOnePayload() throws Exception {
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    awaitHolder(first);
    NastyTexts texts = new NastyTexts(11);
    WorkflowStub lane = client.newUntypedWorkflowStub(first.laneId());
    for (int i = 0; i < 600; i++) {
      boolean own = texts.below(3) > 0;
      lane.signal(
          "request",
          new TurnRequest(
              own ? "prod" : texts.text(),
              own ? "m" : texts.text(),
              texts.below(4) > 0 ? "promotion/" + i + "\u0001".repeat(900) : texts.text(),
              texts.below(2) == 0 ? "prod-1" : texts.text(),
              texts.below(3) == 0 ? null : texts.text()));
    }
    LaneState state = state();
    assertThat(state.waiting())
        .isNotEmpty()
        .allSatisfy(request -> {
          assertThat(request.laneId()).isEqualTo("lane/prod/m");
          assertThat(request.holder()).startsWith("promotion/");
        });
    assertThat(Payloads.mapper().writeValueAsBytes(state).length).isLessThan(1_900_000);
    assertThat(state.holder()).isEqualTo(first);
  }

  @Test
  void anUnavailableRegistryDelaysOnlyWaiters() {
    dies("promotion/m/1");
    numbersFailBy = new IllegalStateException("the registry is away");
    ask(request("promotion/m/1", "run-1"));
    environment.sleep(Duration.ofSeconds(5));
    assertThat(state()).isEqualTo(LaneState.free());
    numbersFailBy = null;
    awaitHolder(ask(request("promotion/m/2", "run-2")));
  }

  @Test
  void whatATerminatedHolderWasWritingIsWaitedOutBeforeTheNextGrant() {
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    TurnRequest second = ask(request("promotion/m/2", "run-2"));
    awaitHolder(first);
    environment.sleep(Duration.ofSeconds(50));
    dies("promotion/m/1");
    Instant died = Objects.requireNonNull(dead.get("promotion/m/1"));
    awaitSettling(first);
    Settling settling = Objects.requireNonNull(state().settling());
    assertThat(settling.until()).isEqualTo(died.plus(Settling.LONGEST_WRITE));
    assertThat(state().waiting()).containsExactly(second);
    awaitHolder(second);
    assertThat(Objects.requireNonNull(state().since())).isAfterOrEqualTo(settling.until());
    assertThat(state().settling()).isNull();
  }

  @Test
  void aHolderThatEndedLongBeforeTheLookHoldsNobodyUp() {
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    TurnRequest second = ask(request("promotion/m/2", "run-2"));
    awaitHolder(first);
    dead.put("promotion/m/1", now().minus(Settling.LONGEST_WRITE));
    environment.sleep(Duration.ofSeconds(61));
    awaitHolder(second);
    assertThat(state().settling()).isNull();
  }

  @Test
  void aNewLaneWaitsOutWhatALostLanesHolderWasWriting() {
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    awaitHolder(first);
    client.newUntypedWorkflowStub(first.laneId()).terminate("by mistake");
    dies("promotion/m/1");
    TurnRequest second = ask(request("promotion/m/2", "run-2"));
    awaitSettling(first);
    assertThat(state().waiting()).containsExactly(second);
  }

  @Test
  void aLaneThatIsStartedWhileItSettlesGoesOnSettling() {
    TurnRequest first = request("promotion/m/1", "run-1");
    TurnRequest second = request("promotion/m/2", "run-2");
    Settling settling = new Settling(first, now().plusSeconds(30));
    start(new LaneState(null, List.of(second), null, null, null, settling, null));
    environment.sleep(Duration.ofSeconds(20));
    assertThat(holder()).isNull();
    assertThat(state().settling()).isEqualTo(settling);
    awaitHolder(second);
  }

  @Test
  void aRollbackComesBeforeAllWhoWait() {
    TurnRequest first = ask("promotion/m/1");
    awaitHolder(first);
    TurnRequest second = ask(request("promotion/m/2", "run-2"));
    TurnRequest rollback = ask(request("rollback/prod/m/1", "run-3"));
    TurnRequest next = ask(request("rollback/prod/m/2", "run-4"));
    assertThat(state().waiting()).containsExactly(rollback, next, second);
    lane().giveBack(first);
    awaitHolder(rollback);
    lane().giveBack(rollback);
    awaitHolder(next);
    lane().giveBack(next);
    awaitHolder(second);
  }

  @Test
  void aHolderIsToldOnceThatARollbackWaits() {
    TurnRequest first = ask("promotion/m/1");
    awaitHolder(first);
    ask(request("promotion/m/2", "run-2"));
    HolderWorkflow holding = client.newWorkflowStub(HolderWorkflow.class, "promotion/m/1");
    assertThat(holding.told()).as("a promotion that waits is no reason").isEmpty();
    TurnRequest rollback = ask(request("rollback/prod/m/1", "run-3"));
    ask(request("rollback/prod/m/2", "run-4"));
    environment.sleep(Duration.ofMinutes(30));
    assertThat(holding.told()).containsExactly(new Preempt(first, rollback.holder()));
    assertThat(state().preemptedBy()).isEqualTo(rollback.holder());
    assertThat(holder()).as("told, not robbed").isEqualTo(first);
    lane().giveBack(first);
    awaitHolder(rollback);
    assertThat(state().preemptedBy()).isNull();
  }

  @Test
  void aHolderThatEndsWhileARollbackWaitsIsNoticedWithinSeconds() {
    TurnRequest first = ask("promotion/m/1");
    awaitHolder(first);
    // By now it is looked at once in ten minutes.
    environment.sleep(Duration.ofHours(1));
    ask(request("rollback/prod/m/1", "run-2"));
    dies("promotion/m/1");

    environment.sleep(Duration.ofSeconds(20));

    assertThat(state().settling()).extracting(Settling::ended).isEqualTo(first);
  }

  @Test
  void aRollbackThatHoldsTheTurnIsNotPreemptedByAnother() {
    TurnRequest first = ask("rollback/prod/m/1");
    awaitHolder(first);
    ask(request("rollback/prod/m/2", "run-2"));
    environment.sleep(Duration.ofMinutes(5));
    assertThat(client.newWorkflowStub(HolderWorkflow.class, "rollback/prod/m/1").told()).isEmpty();
  }

  @Test
  void aRollbackFindsAPlaceInACrowdedLane() {
    TurnRequest first = ask("promotion/m/1");
    awaitHolder(first);
    WorkflowStub lane = client.newUntypedWorkflowStub(first.laneId());
    for (int i = 0; i < 400; i++) {
      lane.signal("request", request("promotion/m/" + i + "x".repeat(900), "run-" + i));
    }
    TurnRequest rollback = request("rollback/prod/m/1", "run-3");
    lane.signal("request", rollback);
    assertThat(state().waiting().getFirst()).isEqualTo(rollback);
    lane().giveBack(first);
    awaitHolder(rollback);
  }

  @Test
  void aHolderThatCannotBeToldKeepsItsTurn() {
    signalsFailBy = "SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_SIGNAL_COUNT_LIMIT_EXCEEDED";
    TurnRequest first = ask("promotion/m/1");
    awaitHolder(first);
    TurnRequest rollback = ask(request("rollback/prod/m/1", "run-3"));
    environment.sleep(Duration.ofMinutes(5));
    assertThat(holder()).isEqualTo(first);
    lane().giveBack(first);
    awaitHolder(rollback);
  }

  @Test
  void aFailureToNumberAGrantIsReportedToItsWaiter() {
    numbersFailBy =
        Failures.of(
            Problem.of(
                FailureKind.USER, "number it", "workspace prod", "you may not write tags", "ask"));
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    environment.sleep(Duration.ofSeconds(5));
    assertThat(state().holder()).isNull();
    assertThat(state().refused())
        .singleElement()
        .satisfies(refused -> {
          assertThat(refused.request()).isEqualTo(first);
          assertThat(refused.problem().cameBack()).isEqualTo("you may not write tags");
        });
    numbersFailBy = null;
    awaitHolder(ask(request("promotion/m/2", "run-2")));
  }
}
