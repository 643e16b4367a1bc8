package dev.portage.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A wait's timer ends with the wait, however that ends. */
@Timeout(60)
class TimedWaitTest {

  private static final String QUEUE = "waits";

  @AutoClose private final TestWorkflowEnvironment temporal = TestTemporal.skippingTime();

  /** Waits an hour, in one of several ways, and then works on for a second. */
  @WorkflowInterface
  public interface Waiter {

    /** How it ended. */
    @WorkflowMethod
    String run(String how);
  }

  /** Its ways. */
  public static final class WaiterImpl implements Waiter {

    private boolean done;

    @Override
    public String run(String how) {
      String ended;
      try {
        ended = String.valueOf(waited(how));
      } catch (ApplicationFailure failure) {
        ended = failure.getOriginalMessage();
      } catch (CanceledFailure cancelled) {
        ended = "cancelled";
      }
      // Whatever is left of the wait is in the history by then.
      Workflow.sleep(Duration.ofSeconds(1));
      return ended;
    }

    private boolean waited(String how) {
      return switch (how) {
        case "comes true" -> {
          Async.procedure(() -> {
            Workflow.sleep(Duration.ofSeconds(5));
            done = true;
          });
          yield waits(() -> done);
        }
        case "condition fails" ->
            waits(() -> {
              throw ApplicationFailure.newFailure("it broke", "Broken");
            });
        case "other branch fails" ->
            TimedWait.await(
                Duration.ofHours(1),
                "an hour",
                () -> false,
                condition -> {
                  Workflow.sleep(Duration.ofSeconds(5));
                  throw ApplicationFailure.newFailure("a look failed", "Broken");
                });
        case "is cancelled" -> {
          boolean[] result = new boolean[1];
          CancellationScope scope =
              Workflow.newCancellationScope(() -> result[0] = waits(() -> false));
          Promise<Void> running = Async.procedure(scope::run);
          Workflow.sleep(Duration.ofSeconds(5));
          scope.cancel("no more");
          running.get();
          yield result[0];
        }
        default -> waits(() -> false);
      };
    }

    private static boolean waits(Supplier<Boolean> condition) {
      return TimedWait.await(Duration.ofHours(1), "an hour", condition);
    }
  }

  @BeforeEach
  void serves() {
    temporal.newWorker(QUEUE).registerWorkflowImplementationTypes(WaiterImpl.class);
    temporal.start();
  }

  @Test
  void whenItsTimeIsOverItSaysSo() {
    assertThat(ended(started("runs out"))).isEqualTo("false");
  }

  @Test
  void aTimerThatIsNoLongerNeededIsCancelled() {
    WorkflowStub waiter = started("comes true");

    assertThat(ended(waiter)).isEqualTo("true");
    assertThat(timersLeft(waiter)).isEmpty();
  }

  @Test
  void aConditionThatFailsLeavesNoTimer() {
    WorkflowStub waiter = started("condition fails");

    assertThat(ended(waiter)).isEqualTo("it broke");
    assertThat(timersLeft(waiter)).isEmpty();
  }

  @Test
  void aFailureOfWhatRunsMeanwhileLeavesNoTimer() {
    WorkflowStub waiter = started("other branch fails");

    assertThat(ended(waiter)).isEqualTo("a look failed");
    assertThat(timersLeft(waiter)).isEmpty();
  }

  @Test
  void aCancelledWaitLeavesNoTimer() {
    WorkflowStub waiter = started("is cancelled");

    assertThat(ended(waiter)).isEqualTo("cancelled");
    assertThat(timersLeft(waiter)).isEmpty();
  }

  private WorkflowStub started(String how) {
    WorkflowStub waiter =
        temporal
            .getWorkflowClient()
            .newUntypedWorkflowStub(
                "Waiter", WorkflowOptions.newBuilder().setTaskQueue(QUEUE).build());
    waiter.start(how);
    return waiter;
  }

  private static String ended(WorkflowStub waiter) {
    return waiter.getResult(String.class);
  }

  /** Hours that were started, and neither rang nor were cancelled. */
  private List<HistoryEvent> timersLeft(WorkflowStub waiter) {
    List<HistoryEvent> events =
        temporal
            .getWorkflowClient()
            .fetchHistory(Objects.requireNonNull(waiter.getExecution()).getWorkflowId())
            .getEvents();
    List<Long> ended =
        events.stream()
            .filter(event ->
                event.getEventType() == EventType.EVENT_TYPE_TIMER_CANCELED
                    || event.getEventType() == EventType.EVENT_TYPE_TIMER_FIRED)
            .map(event ->
                event.getEventType() == EventType.EVENT_TYPE_TIMER_CANCELED
                    ? event.getTimerCanceledEventAttributes().getStartedEventId()
                    : event.getTimerFiredEventAttributes().getStartedEventId())
            .toList();
    return events.stream()
        .filter(event -> event.getEventType() == EventType.EVENT_TYPE_TIMER_STARTED)
        .filter(event -> !ended.contains(event.getEventId()))
        .toList();
  }
}
