package dev.portage.start;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.Repeatable;
import dev.portage.connection.TemporalConnection;
import dev.portage.order.OrderView;
import dev.portage.order.OrderWorkflow;
import dev.portage.order.WorkspaceOrder;
import dev.portage.text.Markdown;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.Objects;

/** Has the workers carry out an order: this process has no login for a workspace. */
public final class OrderRunner {

  private final TemporalConnection connection;
  private final Duration timeout;

  /**
   * Orders through a connection.
   *
   * @param timeout how long to wait for a worker to take it up where none is seen
   */
  public OrderRunner(TemporalConnection connection, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
  }

  /** Workflow id of an order: the same order under way is waited for. */
  public static String idOf(WorkspaceOrder order) {
    String about =
        order.model() != null
            ? order.model()
            : Objects.requireNonNullElse(order.workspace(), "all");
    return order.kind().word()
        + "/"
        + about
        + "/"
        + Fingerprint.of(
            String.valueOf(order.workspace()),
            String.valueOf(order.until()),
            String.valueOf(order.candidate()),
            order.by(),
            order.reason());
  }

  /**
   * What became of it.
   *
   * @throws ConnectionException when no worker takes the order up, or it does not end
   */
  public OrderView carryOut(WorkspaceOrder order) {
    OrderWorkflow workflow =
        connection
            .client()
            .newWorkflowStub(
                OrderWorkflow.class,
                Repeatable.withId(idOf(order))
                    .setWorkflowExecutionTimeout(WorkerAnswer.LIMIT)
                    .setStaticSummary(
                        Markdown.summary(
                            order.words() + ", by " + order.by() + ": " + order.reason()))
                    .build());
    WorkflowStub stub = WorkflowStub.fromTyped(workflow);
    stub.start(order);
    return new WorkerAnswer(connection, timeout, "the order").of(stub, OrderView.class);
  }
}
