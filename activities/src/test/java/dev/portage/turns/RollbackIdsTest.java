package dev.portage.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portage.rollback.RollbackId;
import dev.portage.step.CourseView;
import dev.portage.temporal.PromotionAttributes;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The number of the next rollback, and the one that still runs. */
@Timeout(60)
class RollbackIdsTest {

  private static final RollbackId FIRST = new RollbackId("prod", "churn", 1);

  private final TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance();
  private final WorkflowClient client = temporal.getWorkflowClient();
  private final RollbackIds ids = new RollbackIds(client);

  @BeforeEach
  void attributes() {
    PromotionAttributes.names()
        .forEach(name ->
            temporal.registerSearchAttribute(name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD));
  }

  @AfterEach
  void close() {
    temporal.close();
  }

  @Test
  void theNumberIsTheFirstThatNoRollbackHasHad() {
    assertThat(ids.freeId(FIRST)).isEqualTo(FIRST);
    started(FIRST, CourseView.State.RUNNING);
    client.newUntypedWorkflowStub(FIRST.workflow()).terminate("over");

    assertThat(ids.freeId(FIRST)).isEqualTo(FIRST.next());
  }

  @Test
  void aSecondOneIsToldWhoseIsRunningAndHowToFollowIt() {
    started(FIRST, CourseView.State.RUNNING);

    assertThat(refused(FIRST))
        .contains("rollback/prod/churn/1 has not ended: it was started by rui@example.com at 20")
        .contains("Nothing was changed by this one")
        .contains("portage watch rollback/prod/churn/1")
        .contains("portage cancel rollback/prod/churn/1")
        .doesNotContain("portage resume");
    // It may be recorded in the log before it has ended.
    assertThat(refused(FIRST.next())).contains("rollback/prod/churn/1 has not ended");
  }

  @Test
  void oneThatStoppedIsSaidToBeResumed() {
    started(FIRST, CourseView.State.STOPPED);

    assertThat(refused(FIRST))
        .contains("has stopped at a failed step")
        .contains("continue it: portage resume rollback/prod/churn/1");
  }

  @Test
  void anotherModelsOrWorkspacesIsInNobodysWay() {
    started(FIRST, CourseView.State.RUNNING);

    assertThat(ids.freeId(new RollbackId("qa", "churn", 1)).number()).isEqualTo(1);
    assertThat(ids.freeId(new RollbackId("prod", "fraud", 1)).number()).isEqualTo(1);
  }

  private String refused(RollbackId from) {
    return String.valueOf(
        catchThrowableOfType(ApplicationFailure.class, () -> ids.freeId(from)).getMessage());
  }

  /** No worker runs it, so it stays as it is. */
  private void started(RollbackId id, CourseView.State state) {
    client
        .newUntypedWorkflowStub(
            "RollbackWorkflow",
            WorkflowOptions.newBuilder()
                .setWorkflowId(id.workflow())
                .setTaskQueue("nobody")
                .setTypedSearchAttributes(
                    io.temporal.common.SearchAttributes.newBuilder(
                            PromotionAttributes.of(id.model(), "rui@example.com"))
                        .set(PromotionAttributes.STATE, state.name())
                        .build())
                .build())
        .start();
  }
}
