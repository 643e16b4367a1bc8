package dev.portage.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.delta.Leftovers.State;
import dev.portage.temporal.Memos;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Only what Temporal knows to be over, with nothing left to do, counts as over. */
class PromotionsOverTest {
  private static final String ID = "promotion/churn/0123456789ab";

  private final TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance();
  private final WorkflowClient client = temporal.getWorkflowClient();
  private final PromotionsOver promotions = PromotionsOver.of(client);

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void oneThatRunsIsNotOverAndATerminatedOneIs() {
    WorkflowStub promotion = start(ID, Map.of());
    assertThat(promotions.state(ID)).isEqualTo(State.RUNS);

    promotion.terminate("by hand");
    assertThat(promotions.state(ID)).isEqualTo(State.OVER);
  }

  @Test
  void whatIsUnfinishedIsNotOverAndRunsWhileItIsFinished() {
    start(ID, Map.of(Memos.UNFINISHED, "publish")).terminate("it ended");
    assertThat(promotions.state(ID)).isEqualTo(State.UNFINISHED);

    start("finish/churn/0123456789ab", Map.of());
    assertThat(promotions.state(ID)).isEqualTo(State.RUNS);
  }

  @Test
  void oneThatTemporalDoesNotKnowIsUnknown() {
    assertThat(promotions.state(ID)).isEqualTo(State.UNKNOWN);
  }

  private WorkflowStub start(String id, Map<String, Object> memo) {
    WorkflowStub workflow =
        client.newUntypedWorkflowStub(
            "Any",
            WorkflowOptions.newBuilder()
                .setWorkflowId(id)
                .setTaskQueue("nobody")
                .setMemo(memo)
                .build());
    workflow.start();
    return workflow;
  }
}
