package dev.portage.watch;

import dev.portage.connection.Repeatable;
import dev.portage.connection.TemporalConnection;
import dev.portage.promotion.PromotionView;
import dev.portage.release.FinishStart;
import dev.portage.release.FinishView;
import dev.portage.release.FinishWorkflow;
import dev.portage.release.Unfinished;
import dev.portage.rollback.RollbackView;
import dev.portage.temporal.PromotionAttributes;
import dev.portage.text.Markdown;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finishes what ended promotions left unfinished, through a separate workflow, and watches it. */
public final class Finishing {

  private static final Duration READ = Duration.ofSeconds(5);

  private final TemporalConnection connection;

  /** Finishes through a connection. */
  public Finishing(TemporalConnection connection) {
    this.connection = connection;
  }

  /**
   * Starts to finish what a promotion or a rollback lists, or finds who is at it already. Returns
   * the workflow's id.
   *
   * @param by who ordered it
   */
  public String start(String id, String model, List<Unfinished> left, String by) {
    FinishStart start = new FinishStart(id, left, by);
    FinishWorkflow finish =
        connection
            .client()
            .newWorkflowStub(
                FinishWorkflow.class,
                // An ended one may be repeated: it does what is still left, or nothing.
                Repeatable.withId(start.workflowId())
                    .setTypedSearchAttributes(PromotionAttributes.of(model, by))
                    .setStaticSummary(Markdown.summary("finish what " + id + " left unfinished"))
                    .build());
    WorkflowClient.start(finish::finish, start);
    return start.workflowId();
  }

  /** What a finishing has come to. */
  public sealed interface End {}

  /** It ended on its own, with or without something left. */
  public record Done(FinishView view) implements End {}

  /** Someone cancelled or terminated it. */
  public record Ended() implements End {}

  /** It is still running. */
  public record UnderWay() implements End {}

  /**
   * What it has come to, as soon as it ends.
   *
   * @param timeout how long to wait for that
   */
  public End await(String id, Duration timeout) {
    try {
      return new Done(
          stub(id).getResult(timeout.toMillis(), TimeUnit.MILLISECONDS, FinishView.class));
    } catch (WorkflowFailedException _) {
      return new Ended();
    } catch (TimeoutException _) {
      return new UnderWay();
    }
  }

  /** The promotion with what is still unfinished, after everything finished since. */
  PromotionView now(PromotionView view) {
    return view.left().isEmpty() || !view.state().ended()
        ? view
        : last(view.id()).map(done -> view.leaving(done.unfinished())).orElse(view);
  }

  /** The rollback with what is still unfinished, after everything finished since. */
  RollbackView now(RollbackView view) {
    return view.unfinished().isEmpty() || !view.state().ended()
        ? view
        : last(view.id()).map(done -> view.leaving(done.unfinished())).orElse(view);
  }

  /** Whether nothing is left of what a promotion listed when it ended. */
  boolean isFinished(String promotion) {
    return last(promotion).filter(done -> done.unfinished().isEmpty()).isPresent();
  }

  /** The result of the last finishing; empty if there was none, or it failed. */
  private Optional<FinishView> last(String promotion) {
    WorkflowStub stub = stub(FinishWorkflow.idOf(promotion));
    try {
      if (stub.describe().getStatus()
          != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED) {
        // One that is at it is not waited for: nothing of it is known to be done.
        return Optional.empty();
      }
      return Optional.of(stub.getResult(READ.toMillis(), TimeUnit.MILLISECONDS, FinishView.class));
    } catch (WorkflowNotFoundException | TimeoutException _) {
      return Optional.empty();
    } catch (WorkflowException _) {
      // Cancelled or failed: what it had to do counts as not done.
      return Optional.empty();
    }
  }

  private WorkflowStub stub(String id) {
    return connection.client().newUntypedWorkflowStub(id);
  }
}
