package dev.portage.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.payload.Payloads;
import dev.portage.promotion.PromotionWorkflow;
import io.temporal.client.BatchRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LaneWorkflowTest {

  /** Who holds a turn until the test ends it. */
  @WorkflowInterface
  public interface HolderWorkflow {
    /** Runs until {@link #end}. */
    @WorkflowMethod
    String hold();

    /** The grant. */
    @SignalMethod(name = TurnGrant.SIGNAL)
    void turn(TurnGrant grant);

    /** Ends it. */
    @SignalMethod
    void end();
  }

  /** See {@link HolderWorkflow}. */
  public static class HolderWorkflowImpl implements HolderWorkflow {
    private @Nullable String granted;
    private boolean ended;

    @Override
    public String hold() {
      Workflow.await(() -> ended);
      return String.valueOf(granted);
    }

    @Override
    public void turn(TurnGrant grant) {
      granted = grant.turn();
    }

    @Override
    public void end() {
      ended = true;
    }
  }

  private final TestWorkflowEnvironment environment =
      TestWorkflowEnvironment.newInstance(
          TestEnvironmentOptions.newBuilder()
              .setWorkflowClientOptions(
                  WorkflowClientOptions.newBuilder()
                      .setDataConverter(Payloads.dataConverter())
                      .build())
              .build());
  private final WorkflowClient client = environment.getWorkflowClient();
  private final Set<String> dead = ConcurrentHashMap.newKeySet();

  @BeforeEach
  void start() {
    environment
        .newWorker(PromotionWorkflow.TASK_QUEUE)
        .registerWorkflowImplementationTypes(LaneWorkflowImpl.class, HolderWorkflowImpl.class);
    environment
        .getWorkerFactory()
        .getWorker(PromotionWorkflow.TASK_QUEUE)
        .registerActivitiesImplementations(
            new TurnActivities() {
              @Override
              public void request(TurnRequest request) {
                throw new UnsupportedOperationException();
              }

              @Override
              public void giveBack(TurnRequest request) {
                throw new UnsupportedOperationException();
              }

              @Override
              public boolean isAlive(String holder) {
                return !dead.contains(holder);
              }
            });
    environment.start();
  }

  @AfterEach
  void stop() {
    environment.close();
  }

  @Test
  void grantsTheTurnToOneAtATimeInOrderOfAsking() {
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
    dead.add("promotion/m/1");
    environment.sleep(Duration.ofMinutes(2));
    awaitHolder(second);
  }

  @Test
  void passesOverWhoHasEndedWhileWaiting() {
    TurnRequest first = ask("promotion/m/1");
    ask("promotion/m/2");
    client.newWorkflowStub(HolderWorkflow.class, "promotion/m/2").end();
    WorkflowStub.fromTyped(client.newWorkflowStub(HolderWorkflow.class, "promotion/m/2"))
        .getResult(String.class);
    dead.add("promotion/m/2");
    TurnRequest third = ask("promotion/m/3");
    lane().giveBack(first);
    awaitHolder(third);
  }

  @Test
  void endsWhenNobodyWantsTheTurn() {
    TurnRequest only = ask("promotion/m/1");
    WorkflowStub lane = client.newUntypedWorkflowStub(only.laneId());
    lane().giveBack(only);
    lane.getResult(Void.class);
    assertThat(lane.describe().getCloseTime()).isNotNull();
  }

  private TurnRequest ask(String holder) {
    HolderWorkflow stub =
        client.newWorkflowStub(
            HolderWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(holder)
                .setTaskQueue(PromotionWorkflow.TASK_QUEUE)
                .setWorkflowIdConflictPolicy(
                    io.temporal.api.enums.v1.WorkflowIdConflictPolicy
                        .WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .build());
    WorkflowClient.start(stub::hold);
    TurnRequest request = new TurnRequest("prod", "m", holder, "prod-1");
    LaneWorkflow lane =
        client.newWorkflowStub(
            LaneWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(request.laneId())
                .setTaskQueue(PromotionWorkflow.TASK_QUEUE)
                .build());
    BatchRequest both = client.newSignalWithStartRequest();
    both.add(lane::run, LaneState.free());
    both.add(lane::request, request);
    client.signalWithStart(both);
    environment.sleep(Duration.ofSeconds(1));
    return request;
  }

  /** The lane and the holders run on their own threads: time is let pass in small steps. */
  private void awaitHolder(TurnRequest expected) {
    for (int i = 0; i < 90 && !expected.equals(holder()); i++) {
      environment.sleep(Duration.ofSeconds(1));
    }
    assertThat(holder()).isEqualTo(expected);
  }

  private @Nullable TurnRequest holder() {
    return state().holder();
  }

  private LaneState state() {
    return lane().state();
  }

  private LaneWorkflow lane() {
    return client.newWorkflowStub(LaneWorkflow.class, "lane/prod/m");
  }
}
