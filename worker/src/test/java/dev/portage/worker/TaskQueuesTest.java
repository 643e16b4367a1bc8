package dev.portage.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.activity.LongQueue;
import dev.portage.activity.Stubs;
import dev.portage.candidate.Candidate;
import dev.portage.candidate.ManifestRef;
import dev.portage.candidate.ModelLocation;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyOrder;
import dev.portage.copy.CopyResult;
import dev.portage.copy.ManifestOrder;
import dev.portage.duplicates.Deduplication;
import dev.portage.job.JobActivities;
import dev.portage.job.RunRef;
import dev.portage.job.RunResult;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.SettledVersion;
import dev.portage.registry.VersionOrder;
import dev.portage.registry.VersionQuery;
import dev.portage.temporal.Queues;
import dev.portage.versioncopy.Copying;
import dev.portage.versioncopy.Registering;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.DynamicActivity;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.EncodedValues;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a worker accepts when there is more work than it has slots. */
@Timeout(60)
class TaskQueuesTest {

  private static final String PROD = Queues.of("prod");

  /** More than a worker's concurrent calls. */
  private static final int CROWD = 80;

  private static final ModelLocation MODEL =
      new ModelLocation("prod", "1", "run", null, "model", "runs:/run/model", "store:/run/model");

  private final Occupied occupied = new Occupied();
  private final TestWorkflowEnvironment temporal = InProcessTemporal.create();
  private final List<WorkerFactory> workers = new ArrayList<>();

  /** Long work, and how many slots a worker has for it. */
  enum Kind {
    MANIFEST(4, 8),
    SMALL_COPY(8, 16),
    COPY(2, 4),
    SMALL_REGISTRATION_WITH_FILES(8, 16),
    REGISTRATION_WITH_FILES(2, 4),
    RUN(CROWD, CROWD);

    private final int places;
    private final int placesOfTwo;

    Kind(int places, int placesOfTwo) {
      this.places = places;
      this.placesOfTwo = placesOfTwo;
    }
  }

  @AfterEach
  void stop() {
    occupied.goOn.countDown();
    workers.forEach(WorkerFactory::shutdownNow);
    temporal.close();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void longOrQueuedWorkDelaysNoCall(Kind kind) {
    work();
    WorkflowStub crowd = crowd(kind);
    occupied.awaitAtWork(kind.places);

    assertThat(call()).as("while " + CROWD + " of " + kind + " are to be done").isEqualTo("7");
    assertThat(occupied.atWork).hasValue(kind.places);

    occupied.goOn.countDown();
    assertThat(crowd.getResult(Integer.class)).isEqualTo(CROWD);
    assertThat(occupied.most).hasValue(kind.places);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void queuedWorkIsAvailableToAnyWorker(Kind kind) {
    work();
    WorkflowStub crowd = crowd(kind);
    occupied.awaitAtWork(kind.places);

    work();
    occupied.awaitAtWork(kind.placesOfTwo);

    occupied.goOn.countDown();
    assertThat(crowd.getResult(Integer.class)).isEqualTo(CROWD);
  }

  @Test
  void aCopyRequestedBeforeCopyQueuesExistedIsDone() {
    occupied.goOn.countDown();
    work();

    WorkflowStub earlier = start("Earlier");

    assertThat(earlier.getResult(String.class)).isEqualTo("digest");
  }

  private void work() {
    WorkerFactory factory =
        TaskQueues.of(
            temporal.getWorkflowClient(),
            () -> {
              throw new AssertionError("nobody asks for the platform file");
            },
            Map.of("prod", List.of(occupied)),
            notice -> "status 200");
    factory
        .newWorker("tests")
        .registerWorkflowImplementationTypes(Crowd.Impl.class, Call.Impl.class, Earlier.Impl.class);
    factory.start();
    workers.add(factory);
  }

  private WorkflowStub crowd(Kind kind) {
    return start("Crowd", kind);
  }

  private String call() {
    return start("Call").getResult(String.class);
  }

  private WorkflowStub start(String type, Object... arguments) {
    WorkflowStub stub =
        temporal
            .getWorkflowClient()
            .newUntypedWorkflowStub(
                type, WorkflowOptions.newBuilder().setTaskQueue("tests").build());
    stub.start(arguments);
    return stub;
  }

  private static ManifestRef manifest(long bytes) {
    return new ManifestRef("digest", "uri", 1, bytes);
  }

  /** Many long calls at once. */
  @WorkflowInterface
  public interface Crowd {

    /** How many finished. */
    @WorkflowMethod
    int run(Kind kind);

    /** Through the same stubs as promotions and copies. */
    final class Impl implements Crowd {
      @Override
      public int run(Kind kind) {
        List<Promise<Void>> all =
            IntStream.range(0, CROWD)
                .mapToObj(number -> Async.procedure(() -> one(kind, number)))
                .toList();
        Promise.allOf(all).get();
        return all.size();
      }

      private static void one(Kind kind, int number) {
        switch (kind) {
          case MANIFEST ->
              Stubs.copying(
                      CopyActivities.class,
                      LongQueue.MANIFESTS.of(PROD),
                      Duration.ofMinutes(5),
                      "digest")
                  .makeManifest(new ManifestOrder(MODEL, "promotion/m/" + number));
          case SMALL_COPY -> copy(manifest(1));
          case COPY -> copy(manifest(500L << 20));
          case SMALL_REGISTRATION_WITH_FILES -> register(manifest(1), number);
          case REGISTRATION_WITH_FILES -> register(manifest(500L << 20), number);
          case RUN ->
              Stubs.awaiting(
                      JobActivities.class,
                      PROD,
                      Duration.ofHours(2),
                      Duration.ofMinutes(5),
                      "wait for a run")
                  .awaitRun(new RunRef("prod", 1L, number, null));
        }
      }

      private static void copy(ManifestRef manifest) {
        new Copying(
                new CopyOrder(
                    new Candidate(MODEL, "churn", "1", null, manifest),
                    MODEL,
                    "prod",
                    "/portage/churn",
                    "key",
                    Map.of()),
                PROD,
                Duration.ofMinutes(5),
                told -> {},
                new Deduplication())
            .copy();
      }

      private static void register(ManifestRef manifest, int number) {
        new Registering(true, PROD, Duration.ofMinutes(5), new Deduplication(), _ -> {})
            .register(
                new VersionOrder("prod", "ml.prod.churn", MODEL, "key-" + number, Map.of(), "made"),
                manifest,
                "register churn");
      }
    }
  }

  /** One short call. */
  @WorkflowInterface
  public interface Call {

    /** A version number. */
    @WorkflowMethod
    String run();

    /** The way promotions make the call. */
    final class Impl implements Call {
      @Override
      public String run() {
        return Stubs.quick(RegistryActivities.class, PROD, Duration.ofMinutes(5), "version 7")
            .version(new VersionQuery("prod", "churn", "7"))
            .version();
      }
    }
  }

  /** A copy as earlier releases requested it. */
  @WorkflowInterface
  public interface Earlier {

    /** The digest of the copied files. */
    @WorkflowMethod
    String run();

    /** On the workspace's own task queue. */
    final class Impl implements Earlier {
      @Override
      public String run() {
        return Workflow.newActivityStub(
                CopyActivities.class,
                ActivityOptions.newBuilder()
                    .setTaskQueue(PROD)
                    .setStartToCloseTimeout(Duration.ofDays(2))
                    .build())
            .makeManifest(new ManifestOrder(MODEL, "promotion/m/1"))
            .digest();
      }
    }
  }

  /** Activities of an overloaded workspace. */
  private static final class Occupied implements DynamicActivity {
    private final AtomicInteger atWork = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Map<String, Object> answers = new ConcurrentHashMap<>();

    private Occupied() {
      ModelVersion version =
          new ModelVersion("prod", "churn", "7", "run", null, List.of(), Map.of(), null);
      answers.put("Version", version);
      answers.put("SettleVersion", new SettledVersion(version, List.of()));
      answers.put("RegisterVersion", version);
      answers.put("MakeManifest", manifest(1));
      answers.put("Copy", new CopyResult(MODEL, "digest", 1, 1, 1, null, null));
      answers.put(
          "AwaitRun",
          new RunResult(
              new RunRef("prod", 1L, 1, null),
              RunResult.Ending.SUCCESS,
              "SUCCESS",
              null,
              null,
              List.of(),
              null,
              null));
    }

    @Override
    public Object execute(EncodedValues arguments) {
      ActivityExecutionContext context = Activity.getExecutionContext();
      String type = context.getInfo().getActivityType();
      if (!type.equals("Version") && !type.equals("SettleVersion")) {
        most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
        await(context);
        atWork.decrementAndGet();
      }
      return answers.getOrDefault(type, "");
    }

    private void await(ActivityExecutionContext context) {
      while (goOn.getCount() > 0) {
        context.heartbeat(null);
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    }

    /** Waits until this many have started and no more follow, as far as can be seen. */
    private void awaitAtWork(int wanted) {
      while (atWork.get() < wanted) {
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      }
    }
  }
}
