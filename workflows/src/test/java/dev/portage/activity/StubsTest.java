package dev.portage.activity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.ManifestOrder;
import dev.portage.temporal.TestTemporal;
import io.temporal.activity.DynamicActivity;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.ActivityTaskScheduledEventAttributes;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What limits a copy, and what doesn't. */
@Timeout(120)
class StubsTest {

  private static final String QUEUE = LongQueue.COPIES.of("portage/prod");

  private final TestWorkflowEnvironment temporal = TestTemporal.skippingTime();
  private final WorkerFactory later = WorkerFactory.newInstance(temporal.getWorkflowClient());

  @BeforeEach
  void begin() {
    temporal.newWorker("portage").registerWorkflowImplementationTypes(OneCopy.Impl.class);
    temporal.start();
  }

  @AfterEach
  void stop() {
    later.shutdownNow();
    temporal.close();
  }

  /** Read from the history, because the test server skips no time while waiting for a worker. */
  @Test
  void aCopysTimeInTheQueueIsNotLimited() {
    work(_ -> new ManifestRef("digest", "uri", 1, 1));
    WorkflowStub copy = start();
    assertThat(copy.getResult(String.class)).isEqualTo("digest");

    ActivityTaskScheduledEventAttributes ordered =
        temporal
            .getWorkflowClient()
            .fetchHistory(Objects.requireNonNull(copy.getExecution()).getWorkflowId())
            .getEvents()
            .stream()
            .filter(event -> event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
            .findFirst()
            .orElseThrow()
            .getActivityTaskScheduledEventAttributes();
    long year = Duration.ofDays(365).toSeconds();
    assertThat(ordered.getScheduleToStartTimeout().getSeconds()).isIn(0L, year);
    assertThat(ordered.getScheduleToCloseTimeout().getSeconds()).isEqualTo(year);
    assertThat(ordered.getStartToCloseTimeout().getSeconds())
        .isEqualTo(Duration.ofDays(2).toSeconds());
    assertThat(ordered.getHeartbeatTimeout().getSeconds()).isPositive();
    // At intervals of half a minute, a server that never answers is called for more than two days.
    assertThat(ordered.getRetryPolicy().getMaximumInterval().getSeconds()).isEqualTo(30);
    assertThat(ordered.getRetryPolicy().getMaximumAttempts()).isEqualTo(2 * 24 * 60 * 2 + 10);
  }

  private void work(DynamicActivity activity) {
    later.newWorker(QUEUE).registerActivitiesImplementations(activity);
    later.start();
  }

  private WorkflowStub start() {
    WorkflowStub stub =
        temporal
            .getWorkflowClient()
            .newUntypedWorkflowStub(
                "OneCopy", WorkflowOptions.newBuilder().setTaskQueue("portage").build());
    stub.start();
    return stub;
  }

  /** One copy. */
  @WorkflowInterface
  public interface OneCopy {

    /** The digest of the copied files. */
    @WorkflowMethod
    String run();

    /** Through the copies' stub. */
    final class Impl implements OneCopy {
      @Override
      public String run() {
        return Stubs.copying(CopyActivities.class, QUEUE, Duration.ofMinutes(5), "copy")
            .makeManifest(
                new ManifestOrder(
                    new ModelLocation("prod", "1", "r", null, "model", "s", "u"), "promotion/m/1"))
            .digest();
      }
    }
  }
}
