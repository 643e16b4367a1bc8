package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.DecisionMessage;
import dev.portage.connection.CountingTemporal;
import dev.portage.lane.LaneState;
import dev.portage.lane.LaneWorkflow;
import dev.portage.lane.TurnRequest;
import dev.portage.promotion.PromotionStart;
import dev.portage.temporal.Queues;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A promotion that waits for its turn shows whom it waits for. */
@Timeout(120)
class WaitsForTurnTest {

  private static final String HELD =
      "waiting for the turn of ml.queues in prod, held by promotion/churn/ba9876543210 since"
          + " 2026-01-02T03:04:05Z";

  @AutoClose private final Town town;
  private final String id;

  WaitsForTurnTest(@TempDir Path folder) throws IOException {
    town = new Town(folder).working();
    PromotionStart start =
        PromotionStart.of("queues", "0123456789ab").startedBy("ana@example.com").build();
    id = start.workflowId();
    town.client()
        .newUntypedWorkflowStub(
            "PromotionWorkflow",
            WorkflowOptions.newBuilder().setWorkflowId(id).setTaskQueue(Queues.PORTAGE).build())
        .start(start);
  }

  @Test
  void statusNamesWhoHoldsTheTurnAndSinceWhen() {
    heldBy("promotion/churn/ba9876543210");

    assertThat(town.run("status", id).out()).contains(HELD);
    assertThat(town.run("status", id, "--output", "json").out()).contains("\"says\" : \"" + HELD);
  }

  @Test
  void watchReportsItOnceAndContinues() throws IOException {
    heldBy("promotion/churn/ba9876543210");
    try (CountingTemporal server = new CountingTemporal(town.address())) {
      Map<String, String> through = Map.of("TEMPORAL_ADDRESS", server.address());
      CompletableFuture<Town.Ran> watching =
          CompletableFuture.supplyAsync(() -> town.run(through, "watch", id));
      Awaitility.await("someone has looked, and listens")
          .dontCatchUncaughtExceptions()
          .until(() -> server.of("GetWorkflowExecutionHistory") > 0);
      town.client()
          .newUntypedWorkflowStub(id)
          .signal("approve", new DecisionMessage("prod-1", "kim@example.com", null, "d-1", null));

      Town.Ran watched = watching.join();
      assertThat(watched.code()).as(watched.err()).isEqualTo(ExitCode.DONE);
      assertThat(watched.out()).containsOnlyOnce("… " + HELD);
    }
  }

  @Test
  void thePromotionsOwnLineIsShownWhereNobodyHoldsTheTurn() {
    assertThat(town.run("status", id).out())
        .contains("waiting for the turn of ml.queues in prod; lane/prod/ml.queues shows");
    heldBy(id);
    assertThat(town.run("status", id).out()).doesNotContain("held by");
  }

  private void heldBy(String holder) {
    TurnRequest request = new TurnRequest("prod", "ml.queues", holder, "prod-1");
    LaneWorkflow lane =
        town.client()
            .newWorkflowStub(
                LaneWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setWorkflowId(request.laneId())
                    .setTaskQueue(Queues.PORTAGE)
                    .build());
    WorkflowClient.start(
        lane::run,
        new LaneState(request, List.of(), 4L, null, Instant.parse("2026-01-02T03:04:05.678Z")));
    Awaitility.await("the lane")
        .dontCatchUncaughtExceptions()
        .ignoreExceptions()
        .until(() -> lane.state().holder() != null);
  }
}
