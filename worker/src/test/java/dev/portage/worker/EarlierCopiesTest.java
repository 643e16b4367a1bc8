package dev.portage.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyDuplicates;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyPlan;
import dev.portage.copy.CopyPreview;
import dev.portage.copy.CopyResult;
import dev.portage.copy.FinishOrder;
import dev.portage.copy.ManifestOrder;
import dev.portage.copy.ManifestQuery;
import dev.portage.copy.PartitionOrder;
import dev.portage.copy.PartitionResult;
import dev.portage.duplicates.DuplicatesRemoved;
import io.temporal.activity.ActivityOptions;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EarlierCopiesTest {

  private static final String QUEUE = "portage/prod";

  @Test
  void copiesRunOneAtATimeAndAllFinish() throws Exception {
    Copies copies = new Copies();
    try (TestWorkflowEnvironment temporal = environment(copies)) {
      List<WorkflowStub> all = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        all.add(start(temporal.getWorkflowClient()));
      }
      for (WorkflowStub stub : all) {
        awaitStarted(temporal, stub);
      }

      assertThat(copies.begun.await(1, TimeUnit.MINUTES)).isTrue();
      // All three were handed to this worker, and one of them is moving bytes.
      assertThat(copies.running).hasValue(1);

      copies.goOn.countDown();
      for (WorkflowStub stub : all) {
        assertThat(stub.getResult(String.class)).isEqualTo("digest");
      }
      assertThat(copies.most).hasValue(1);
    }
  }

  private static TestWorkflowEnvironment environment(Copies copies) {
    TestWorkflowEnvironment temporal =
        InProcessTemporal.create(new EarlierCopies(Set.of(QUEUE), 1));
    var worker =
        temporal.newWorker(QUEUE, WorkerOptions.newBuilder().setUsingVirtualThreads(true).build());
    worker.registerWorkflowImplementationTypes(OneCopy.Impl.class);
    worker.registerActivitiesImplementations(copies);
    temporal.start();
    return temporal;
  }

  private static WorkflowStub start(WorkflowClient client) {
    WorkflowStub stub =
        client.newUntypedWorkflowStub(
            "OneCopy", WorkflowOptions.newBuilder().setTaskQueue(QUEUE).build());
    stub.start();
    return stub;
  }

  private static void awaitStarted(TestWorkflowEnvironment temporal, WorkflowStub stub)
      throws InterruptedException {
    long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < until) {
      boolean started =
          temporal
              .getWorkflowServiceStubs()
              .blockingStub()
              .describeWorkflowExecution(
                  DescribeWorkflowExecutionRequest.newBuilder()
                      .setNamespace(temporal.getNamespace())
                      .setExecution(stub.getExecution())
                      .build())
              .getPendingActivitiesList()
              .stream()
              .anyMatch(a -> a.getState() == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED);
      if (started) {
        return;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("the copy was not handed to the worker");
  }

  /** One copy. */
  @WorkflowInterface
  public interface OneCopy {

    /** The digest of the copied files. */
    @WorkflowMethod
    String run();

    /** Requests a manifest, which reads every byte. */
    final class Impl implements OneCopy {
      @Override
      public String run() {
        return Workflow.newActivityStub(
                CopyActivities.class,
                ActivityOptions.newBuilder().setStartToCloseTimeout(Duration.ofMinutes(1)).build())
            .makeManifest(
                new ManifestOrder(
                    new ModelLocation("dev", "1", "r", null, "model", "s", "u"), "promotion/m/1"))
            .digest();
      }
    }
  }

  /** Copies that wait until the test lets them go. */
  private static final class Copies implements CopyActivities {
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    public ManifestRef makeManifest(ManifestOrder order) {
      most.accumulateAndGet(running.incrementAndGet(), Math::max);
      begun.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      running.decrementAndGet();
      return new ManifestRef("digest", "u", 1, 1);
    }

    @Override
    public Optional<ManifestRef> findManifest(ManifestQuery query) {
      throw new AssertionError("not asked for");
    }

    @Override
    public CopyPreview previewCopy(ModelLocation source) {
      throw new AssertionError("not asked for");
    }

    @Override
    public CopyResult copy(CopyOrder order) {
      throw new AssertionError("not asked for");
    }

    @Override
    public CopyPlan planCopy(CopyOrder order) {
      throw new AssertionError("not asked for");
    }

    @Override
    public PartitionResult copyPartition(PartitionOrder order) {
      throw new AssertionError("not asked for");
    }

    @Override
    public DuplicatesRemoved removeCopyTwins(CopyDuplicates twins) {
      throw new AssertionError("not asked for");
    }

    @Override
    public CopyResult finishCopy(FinishOrder order) {
      throw new AssertionError("not asked for");
    }
  }
}
