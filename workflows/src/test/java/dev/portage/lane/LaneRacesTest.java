package dev.portage.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.history.v1.HistoryEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Messages that arrive at the very moment when a lane ends, or makes a grant. */
class LaneRacesTest extends LaneScene {

  @Test
  void aRequestThatArrivesWhileTheLaneEndsIsGranted() {
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    awaitHolder(first);
    String run = run();
    TurnRequest second = request("promotion/m/2", "run-2");
    whileItEnds(() -> send(second));

    lane().giveBack(first);
    environment.sleep(Duration.ofMinutes(2));

    awaitHolder(second);
    assertThat(state().number()).isEqualTo(2);
    assertThat(run()).as("it did not end").isEqualTo(run);
    assertThat(events())
        .as("what was to end it")
        .contains(EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED);
  }

  @Test
  void aCrowdThatArrivesWhileTheLaneEndsIsGrantedOneAfterAnother() {
    TurnRequest first = ask(request("promotion/m/0", "run-0"));
    awaitHolder(first);
    List<TurnRequest> crowd =
        IntStream.rangeClosed(1, 10)
            .mapToObj(i -> request("promotion/m/" + i, "run-" + i))
            .toList();
    whileItEnds(() -> crowd.forEach(this::send));

    lane().giveBack(first);
    environment.sleep(Duration.ofMinutes(2));

    for (int i = 0; i < crowd.size(); i++) {
      awaitHolder(crowd.get(i));
      assertThat(state().number()).isEqualTo(i + 2L);
      assertThat(state().waiting()).isEqualTo(crowd.subList(i + 1, crowd.size()));
      lane().giveBack(crowd.get(i));
    }
  }

  @Test
  void aRequestRightAfterTheLaneEndedStartsAnotherThatGrantsTheNextNumber() {
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    awaitHolder(first);
    String run = run();
    lane().giveBack(first);
    client.newUntypedWorkflowStub(first.laneId()).getResult(Void.class);
    dead.put("promotion/m/1", now().minus(Settling.LONGEST_WRITE));

    TurnRequest second = ask(request("promotion/m/2", "run-2"));

    awaitHolder(second);
    assertThat(state().number()).isEqualTo(2);
    assertThat(run()).isNotEqualTo(run);
  }

  @Test
  void aTurnThatIsGivenBackWhileTheLaneEndsIsNoReasonToStay() {
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    awaitHolder(first);
    whileItEnds(() -> lane().giveBack(first));

    lane().giveBack(first);
    client.newUntypedWorkflowStub(first.laneId()).getResult(Void.class);

    assertThat(client.newUntypedWorkflowStub(first.laneId()).describe().getStatus())
        .isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED);
  }

  /** It would hold the finished turn until its first look, a minute later. */
  @Test
  void aTurnThatIsGivenBackWhileANewLaneFindsItsHolderIsFree() {
    TurnRequest first = ask(request("promotion/m/1", "run-1"));
    awaitHolder(first);
    client.newUntypedWorkflowStub(first.laneId()).terminate("by mistake");
    AtomicBoolean once = new AtomicBoolean();
    whileLookedAt =
        request -> {
          if (request.equals(first) && once.compareAndSet(false, true)) {
            // Found to want it, it gives it back before the answer has reached the lane.
            lane().giveBack(first);
          }
        };

    TurnRequest second = ask(request("promotion/m/2", "run-2"));
    environment.sleep(Duration.ofSeconds(5));

    assertThat(once).isTrue();
    assertThat(holder()).isEqualTo(second);
    assertThat(state().number()).isEqualTo(2);
  }

  private String run() {
    return client.newUntypedWorkflowStub("lane/prod/m").describe().getExecution().getRunId();
  }

  private List<EventType> events() {
    return client.fetchHistory("lane/prod/m").getEvents().stream()
        .map(HistoryEvent::getEventType)
        .toList();
  }
}
