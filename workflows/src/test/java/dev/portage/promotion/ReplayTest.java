package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.job.RunResult;
import dev.portage.payload.Payloads;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import io.temporal.workflow.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A promotion waits through deployments, so newer code must replay older histories. Until the first
 * release they are recorded anew with {@code -Dhistories.record=true}; from then on they only grow
 * in number.
 */
class ReplayTest {

  private static final Path HISTORIES =
      Path.of(
          Objects.requireNonNull(System.getProperty("portage.root")),
          "workflows/src/test/resources/histories");

  /** A promotion whose steps come in another order. */
  public static class ChangedWorkflow implements PromotionWorkflow {
    @Override
    public PromotionView promote(PromotionStart start) {
      Workflow.sleep(Duration.ofMinutes(1));
      return status();
    }

    @Override
    public PromotionView status() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Receipt approve(DecisionMessage message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void canApprove(DecisionMessage message) {}

    @Override
    public Receipt reject(DecisionMessage message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void canReject(DecisionMessage message) {}

    @Override
    public Receipt resume(DecisionMessage message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void canResume(DecisionMessage message) {}
  }

  static Stream<Path> histories() throws IOException, InterruptedException {
    if (Boolean.getBoolean("histories.record")) {
      record();
    }
    try (Stream<Path> files = Files.list(HISTORIES)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("histories")
  void todaysCodeReplaysEveryRecordedHistory(Path history) {
    assertThatCode(() -> replay(Files.readString(history), PromotionWorkflowImpl.class))
        .doesNotThrowAnyException();
  }

  @Test
  void aChangedWayIsNoticed() throws IOException {
    String history = Files.readString(HISTORIES.resolve("released.json"));
    assertThatThrownBy(() -> replay(history, ChangedWorkflow.class)).hasMessageContaining("replay");
  }

  private static void replay(String history, Class<?> implementation) throws Exception {
    try (TestWorkflowEnvironment environment =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(Payloads.dataConverter())
                        .build())
                .build())) {
      Worker worker = environment.newWorker(PromotionWorkflow.TASK_QUEUE);
      worker.registerWorkflowImplementationTypes(implementation);
      WorkflowReplayer.replayWorkflowExecution(WorkflowExecutionHistory.fromJson(history), worker);
    }
  }

  /** One history for each way a promotion can go that has commands of its own. */
  private static void record() throws IOException, InterruptedException {
    Files.createDirectories(HISTORIES);
    recordPartitions();
    try (PromotionEngine engine = new PromotionEngine()) {
      WorkflowStub promotion = engine.start();
      engine.untilState(promotion, PromotionState.WAITING);
      keep("waiting", engine, promotion);
      promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
      promotion.getResult(PromotionView.class);
      keep("released", engine, promotion);
    }
    try (PromotionEngine engine = new PromotionEngine()) {
      engine.world.jobs.endNext("batch", RunResult.Ending.FAILED);
      WorkflowStub promotion = engine.start();
      engine.untilState(promotion, PromotionState.WAITING);
      promotion.signal("approve", "unreadable");
      promotion.signal("approve", by("ana@example.com", "prod-1"));
      engine.untilState(promotion, PromotionState.STOPPED);
      promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
      promotion.getResult(PromotionView.class);
      keep("resumed-after-putting-back", engine, promotion);
    }
    try (PromotionEngine engine = new PromotionEngine()) {
      WorkflowStub promotion = engine.start();
      engine.untilState(promotion, PromotionState.WAITING);
      engine.world.registry.isChampion("5", java.util.Map.of("rmse", 55.0), PromotionEngine.COMMIT);
      promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
      engine.until(promotion, view -> "prod-2".equals(view.request()));
      promotion.signal("reject", by("ana@example.com", "prod-2"));
      engine.environment.sleep(Duration.ofMinutes(1));
      keep("asked-again-then-rejected", engine, promotion);
    }
    try (PromotionEngine engine = new PromotionEngine()) {
      engine.world.jobs.last("batch");
      WorkflowStub promotion = engine.start();
      engine.untilState(promotion, PromotionState.WAITING);
      promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
      engine.until(promotion, view -> engine.world.jobs.awaited());
      promotion.cancel("by ana@example.com: wrong data");
      engine.until(promotion, view -> view.state() == PromotionState.CANCELLED);
      keep("cancelled-and-put-back", engine, promotion);
    }
    try (PromotionEngine engine = new PromotionEngine()) {
      engine.world.failNext("fillVersion", FakeWorld.userFault("no right to write"));
      WorkflowStub promotion = engine.start();
      engine.untilState(promotion, PromotionState.STOPPED);
      promotion.cancel("by ana@example.com: wrong data");
      engine.until(promotion, view -> view.state() == PromotionState.CANCELLED);
      keep("cancelled-half-registered", engine, promotion);
    }
    try (PromotionEngine engine = new PromotionEngine()) {
      FakeWorld.Hold hold = engine.world.hold("mark dev Production");
      WorkflowStub promotion = engine.start();
      engine.untilState(promotion, PromotionState.WAITING);
      promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
      hold.awaitReached();
      promotion.cancel("by ana@example.com: wrong data");
      engine.until(promotion, view -> !view.notices().isEmpty());
      hold.release();
      engine.until(promotion, view -> view.state() == PromotionState.RELEASED);
      keep("cancelled-too-late", engine, promotion);
    }
  }

  private static void recordPartitions() throws IOException {
    try (PromotionEngine engine = new PromotionEngine()) {
      engine.world.partitions = FakeWorld.cut(20, 2_500, 20L << 30);
      engine.world.failNext("copyPartition", FakeWorld.userFault("no space left"));
      WorkflowStub promotion = engine.start();
      engine.untilState(promotion, PromotionState.WAITING);
      promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
      engine.untilState(promotion, PromotionState.STOPPED);
      promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
      promotion.getResult(PromotionView.class);
      keep("copied-in-partitions", engine, promotion);
    }
  }

  private static void keep(String name, PromotionEngine engine, WorkflowStub promotion)
      throws IOException {
    String json =
        engine
            .environment
            .getWorkflowClient()
            .fetchHistory(Objects.requireNonNull(promotion.getExecution()).getWorkflowId())
            .toJson(true);
    Files.write(HISTORIES.resolve(name + ".json"), List.of(json));
  }
}
