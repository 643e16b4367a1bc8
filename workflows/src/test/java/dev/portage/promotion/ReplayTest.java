package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.portage.adopt.AdoptWorkflowImpl;
import dev.portage.approval.Receipt;
import dev.portage.freeze.FrozenWorkflowImpl;
import dev.portage.hello.HelloWorkflowImpl;
import dev.portage.history.HistoryWorkflowImpl;
import dev.portage.lane.LaneWorkflowImpl;
import dev.portage.lane.TurnRequest;
import dev.portage.livewatch.LiveWatchWorkflowImpl;
import dev.portage.notice.NoticeWorkflowImpl;
import dev.portage.order.OrderWorkflowImpl;
import dev.portage.preflight.PreflightWorkflowImpl;
import dev.portage.release.FinishWorkflowImpl;
import dev.portage.rollback.RollbackWorkflowImpl;
import dev.portage.temporal.Queues;
import dev.portage.temporal.TestTemporal;
import dev.portage.underway.UnderwayWorkflowImpl;
import dev.portage.versioncopy.CopyWorkflowImpl;
import io.temporal.api.history.v1.WorkflowExecutionStartedEventAttributes;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.converter.RawValue;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A workflow waits through deployments, so today's code must replay recorded histories, each with
 * its own implementation. {@code -Dhistories.record=true} records the {@link Scenarios} that have
 * none yet. Until the first release a history is deleted and recorded anew when the order of
 * commands changes; from then on histories are only added.
 */
class ReplayTest {

  /**
   * The first replays load classes. A worker gives such a task to another one after a second; a
   * replay, which has no other, would fail on a busy machine.
   */
  private static final WorkerOptions PATIENT =
      WorkerOptions.newBuilder()
          .setDefaultDeadlockDetectionTimeout(Duration.ofSeconds(30).toMillis())
          .build();

  private static final Path HISTORIES =
      Path.of(
          Objects.requireNonNull(System.getProperty("portage.root")),
          "workflows/src/test/resources/histories");

  private static final Map<String, Class<?>> IMPLEMENTATIONS =
      Map.ofEntries(
          Map.entry("PromotionWorkflow", PromotionWorkflowImpl.class),
          Map.entry("LaneWorkflow", LaneWorkflowImpl.class),
          Map.entry("UnderwayWorkflow", UnderwayWorkflowImpl.class),
          Map.entry("FrozenWorkflow", FrozenWorkflowImpl.class),
          Map.entry("CopyWorkflow", CopyWorkflowImpl.class),
          Map.entry("AdoptWorkflow", AdoptWorkflowImpl.class),
          Map.entry("RollbackWorkflow", RollbackWorkflowImpl.class),
          Map.entry("LiveWatchWorkflow", LiveWatchWorkflowImpl.class),
          Map.entry("PreflightWorkflow", PreflightWorkflowImpl.class),
          Map.entry("FinishWorkflow", FinishWorkflowImpl.class),
          Map.entry("NoticeWorkflow", NoticeWorkflowImpl.class),
          Map.entry("HistoryWorkflow", HistoryWorkflowImpl.class),
          Map.entry("OrderWorkflow", OrderWorkflowImpl.class),
          Map.entry("HelloWorkflow", HelloWorkflowImpl.class));

  /** A promotion whose steps are in another order. */
  public static class ChangedWorkflow implements PromotionWorkflow {
    @Override
    public PromotionView promote(PromotionStart start, @Nullable CarriedOver carriedOver) {
      Workflow.sleep(Duration.ofMinutes(1));
      return status();
    }

    @Override
    public PromotionView status() {
      throw new UnsupportedOperationException();
    }

    @Override
    public TurnRequest turnWanted() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Receipt approve(@Nullable RawValue message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Receipt reject(@Nullable RawValue message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Receipt resume(@Nullable RawValue message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Receipt proceed(@Nullable RawValue message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Receipt abort(@Nullable RawValue message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Receipt breakGlass(@Nullable RawValue message) {
      throw new UnsupportedOperationException();
    }
  }

  static Stream<Path> histories() throws Exception {
    if (Boolean.getBoolean("histories.record")) {
      Scenarios.record(HISTORIES);
    }
    try (Stream<Path> files = Files.list(HISTORIES)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("histories")
  void todaysCodeReplaysEveryRecordedHistory(Path history) throws IOException {
    WorkflowExecutionHistory recorded = read(history);
    Class<?> implementation = Objects.requireNonNull(IMPLEMENTATIONS.get(typeOf(recorded)));
    assertThatCode(() -> replay(recorded, implementation)).doesNotThrowAnyException();
  }

  /** A run that is evicted from a worker's cache reports failures that nobody read. */
  @ParameterizedTest
  @MethodSource("histories")
  void noFailureIsLeftUnread(Path history) throws Exception {
    WorkflowExecutionHistory recorded = read(history);
    try (SdkWarnings warnings = new SdkWarnings()) {
      replay(recorded, Objects.requireNonNull(IMPLEMENTATIONS.get(typeOf(recorded))));
      assertThat(warnings.ofLeftFailures()).isEmpty();
    }
  }

  @Test
  void everyWorkflowHasHistories() throws Exception {
    Set<String> recorded = new HashSet<>();
    for (Path history : histories().toList()) {
      recorded.add(typeOf(read(history)));
    }
    assertThat(recorded).isEqualTo(IMPLEMENTATIONS.keySet());
    assertThat(
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.portage")
                    .stream()
                    .filter(type -> type.isAnnotatedWith(WorkflowInterface.class))
                    .map(JavaClass::getSimpleName))
        .containsExactlyInAnyOrderElementsOf(recorded);
  }

  @Test
  void aChangedOrderOfCommandsIsNoticed() throws IOException {
    WorkflowExecutionHistory history = read(HISTORIES.resolve("released.json"));
    assertThatThrownBy(() -> replay(history, ChangedWorkflow.class)).hasMessageContaining("replay");
  }

  private static WorkflowExecutionHistory read(Path history) throws IOException {
    WorkflowExecutionHistory recorded =
        WorkflowExecutionHistory.fromJson(Files.readString(history));
    return new WorkflowExecutionHistory(recorded.getHistory(), started(recorded).getWorkflowId());
  }

  private static WorkflowExecutionStartedEventAttributes started(WorkflowExecutionHistory history) {
    return history.getEvents().getFirst().getWorkflowExecutionStartedEventAttributes();
  }

  private static String typeOf(WorkflowExecutionHistory history) {
    return started(history).getWorkflowType().getName();
  }

  /** Fails if today's code does not do what a history says. */
  static void replay(WorkflowExecutionHistory history, Class<?> implementation) throws Exception {
    try (TestWorkflowEnvironment environment =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(TestTemporal.clientOptions())
                .build())) {
      Worker worker = environment.newWorker(Queues.PORTAGE, PATIENT);
      worker.registerWorkflowImplementationTypes(implementation);
      WorkflowReplayer.replayWorkflowExecution(history, worker);
    }
  }
}
