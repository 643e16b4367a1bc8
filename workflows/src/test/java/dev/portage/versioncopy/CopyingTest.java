package dev.portage.versioncopy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.activity.LongQueue;
import dev.portage.candidate.Candidate;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyDuplicates;
import dev.portage.copy.CopyMethods;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyPlan;
import dev.portage.copy.CopyPreview;
import dev.portage.copy.CopyResult;
import dev.portage.copy.FinishOrder;
import dev.portage.copy.ManifestOrder;
import dev.portage.copy.ManifestQuery;
import dev.portage.copy.Partition;
import dev.portage.copy.PartitionOrder;
import dev.portage.copy.PartitionResult;
import dev.portage.copy.ReadCapabilities;
import dev.portage.copy.Verify;
import dev.portage.copy.WriteCapabilities;
import dev.portage.duplicates.Deduplication;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.promotion.SdkWarnings;
import dev.portage.temporal.TestTemporal;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A partitioned copy: one partition fails for good while the others still have hours to go. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CopyingTest {
  private static final String QUEUE = "portage/prod";
  private static final int PARTITIONS = 40;
  private static final ModelLocation MODEL =
      new ModelLocation("prod", "1", "run", null, "model", "runs:/run/model", "store:/run/model");

  private final Copies copies = new Copies();
  private final TestWorkflowEnvironment temporal = environment(copies);

  @AfterEach
  void close() {
    copies.mayEnd.countDown();
    temporal.close();
  }

  @Test
  void aFailedPartitionIsReportedAndTheOthersAreEnded() {
    copies.fails = 3;

    assertThatThrownBy(() -> start("first").getResult(String.class))
        .rootCause()
        .hasMessageContaining("the source changed since registration");

    assertThat(copies.moving).as("no byte moves any more").isEmpty();
    assertThat(copies.ended).isNotEmpty().doesNotContain(3);
    assertThat(copies.begun).as("none is begun after the failure").hasSizeLessThanOrEqualTo(16);
  }

  @Test
  void partitionsEndedForAnotherCauseNoWarning() {
    copies.fails = 3;
    try (SdkWarnings warnings = new SdkWarnings()) {
      assertThatThrownBy(() -> start("first").getResult(String.class))
          .isInstanceOf(WorkflowFailedException.class);
      temporal.close();
      assertThat(warnings.ofLeftFailures()).isEmpty();
    }
  }

  @Test
  void theFailureIsShownWhileTheOthersEnd() throws InterruptedException {
    copies.fails = 0;
    copies.lastWords = new CountDownLatch(1);
    WorkflowStub copy = start("first");
    assertThat(copies.isEnding.await(30, TimeUnit.SECONDS)).isTrue();

    assertThat(copy.query("progress", String.class)).contains("one failed, stopping the others");

    copies.lastWords.countDown();
    assertThatThrownBy(() -> copy.getResult(String.class)).isInstanceOf(Exception.class);
  }

  @Test
  void theNextCopyFinishesEndedPartitions() {
    copies.fails = 3;
    assertThatThrownBy(() -> start("first").getResult(String.class)).isInstanceOf(Exception.class);
    copies.fails = -1;
    copies.mayEnd.countDown();

    assertThat(start("again").getResult(String.class)).isEqualTo("digest");
    assertThat(copies.carried).hasSize(PARTITIONS);
  }

  private WorkflowStub start(String id) {
    WorkflowStub stub =
        temporal.getWorkflowClient().newUntypedWorkflowStub("OneCopy", TestTemporal.withId(id));
    stub.start();
    return stub;
  }

  private static TestWorkflowEnvironment environment(Copies copies) {
    TestWorkflowEnvironment temporal = TestTemporal.skippingTime();
    temporal.newWorker("portage").registerWorkflowImplementationTypes(OneCopy.Impl.class);
    for (String queue :
        List.of(QUEUE, LongQueue.COPIES.of(QUEUE), LongQueue.PARTITIONS.of(QUEUE))) {
      temporal
          .newWorker(
              queue,
              WorkerOptions.newBuilder()
                  .setMaxHeartbeatThrottleInterval(Duration.ofMillis(50))
                  .build())
          .registerActivitiesImplementations(copies);
    }
    temporal.start();
    return temporal;
  }

  /** One copy. */
  @WorkflowInterface
  public interface OneCopy {

    /** The digest of the copied files. */
    @WorkflowMethod
    String run();

    /** Its progress. */
    @QueryMethod
    String progress();

    /** The code under test. */
    final class Impl implements OneCopy {
      private String progress = "";

      @Override
      public String run() {
        CopyOrder order =
            new CopyOrder(
                new Candidate(
                    MODEL,
                    "churn",
                    "1",
                    null,
                    new ManifestRef("digest", "uri", PARTITIONS * 1000L, PARTITIONS * (1L << 30))),
                MODEL,
                "prod",
                "/portage/churn",
                Workflow.getInfo().getWorkflowId(),
                Map.of());
        return new Copying(
                order,
                QUEUE,
                Duration.ofMinutes(5),
                told -> progress = told.text(),
                new Deduplication())
            .copy()
            .digest();
      }

      @Override
      public String progress() {
        return progress;
      }
    }
  }

  /** Partitions that move bytes until they are ended or allowed to finish. */
  private static final class Copies implements CopyActivities {
    private final Set<Integer> begun = ConcurrentHashMap.newKeySet();
    private final Set<Integer> moving = ConcurrentHashMap.newKeySet();
    private final Set<Integer> ended = ConcurrentHashMap.newKeySet();
    private final Set<Integer> carried = ConcurrentHashMap.newKeySet();
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final CountDownLatch isEnding = new CountDownLatch(1);
    private volatile CountDownLatch lastWords = new CountDownLatch(0);
    private volatile int fails = -1;

    @Override
    public DuplicatesRemoved removeCopyTwins(CopyDuplicates twins) {
      return DuplicatesRemoved.nothing();
    }

    @Override
    public CopyPlan planCopy(CopyOrder order) {
      return new CopyPlan(
          MODEL,
          IntStream.range(0, PARTITIONS)
              .mapToObj(i -> new Partition(i * 1000, (i + 1) * 1000, 1L << 30))
              .toList());
    }

    @Override
    public PartitionResult copyPartition(PartitionOrder order) {
      int number = order.partition().from() / 1000;
      begun.add(number);
      if (number == fails) {
        awaitOthers();
        throw Failures.of(
            Problem.of(
                FailureKind.FATAL,
                "read the candidate's files",
                "workspace dev",
                "the source changed since registration: MLmodel is gone",
                "Promote the version again."));
      }
      ActivityExecutionContext context = Activity.getExecutionContext();
      moving.add(number);
      try {
        while (!mayEnd.await(20, TimeUnit.MILLISECONDS)) {
          context.heartbeat(number);
        }
        carried.add(number);
        return new PartitionResult(1000, 1L << 30, 1L << 30, methods());
      } catch (ActivityCompletionException end) {
        isEnding.countDown();
        awaitWords();
        ended.add(number);
        throw end;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      } finally {
        moving.remove(number);
      }
    }

    private void awaitOthers() {
      while (moving.isEmpty()) {
        Thread.onSpinWait();
      }
    }

    private void awaitWords() {
      try {
        lastWords.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static CopyMethods methods() {
      return new CopyMethods(
          new ReadCapabilities("from memory", true, true),
          new WriteCapabilities("to memory", null),
          null,
          Verify.SIZES,
          1);
    }

    @Override
    public CopyResult finishCopy(FinishOrder order) {
      ManifestRef manifest = order.order().candidate().manifest();
      return new CopyResult(
          MODEL,
          manifest.digest(),
          manifest.files(),
          manifest.bytes(),
          order.sentBytes(),
          null,
          order.methods());
    }

    @Override
    public ManifestRef makeManifest(ManifestOrder order) {
      throw new AssertionError("not asked for");
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
  }
}
