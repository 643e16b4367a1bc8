package dev.portage.start;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.Repeatable;
import dev.portage.connection.TemporalConnection;
import dev.portage.history.HistoryOrder;
import dev.portage.history.HistoryView;
import dev.portage.history.HistoryWorkflow;
import dev.portage.text.Markdown;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.Objects;

/** Has the workers read the history of a model: this process has no login for a workspace. */
public final class HistoryRunner {

  private final TemporalConnection connection;
  private final Duration timeout;

  /**
   * Reads through a connection.
   *
   * @param timeout how long to wait for a worker to take it up where none is seen
   */
  public HistoryRunner(TemporalConnection connection, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
  }

  /** Workflow id of a question: the same question under way is waited for. */
  public static String idOf(HistoryOrder order) {
    return "history/"
        + order.model()
        + "/"
        + Fingerprint.of(
            Objects.requireNonNullElse(order.workspace(), ""),
            String.valueOf(order.limit()),
            String.valueOf(order.at()));
  }

  /**
   * The answer.
   *
   * @throws ConnectionException when no worker takes the question up, or it does not end
   */
  public HistoryView read(HistoryOrder order) {
    HistoryWorkflow history =
        connection
            .client()
            .newWorkflowStub(
                HistoryWorkflow.class,
                Repeatable.withId(idOf(order))
                    .setWorkflowExecutionTimeout(WorkerAnswer.LIMIT)
                    .setStaticSummary(
                        Markdown.summary("history of " + order.model() + ": only reads"))
                    .build());
    WorkflowClient.start(history::history, order);
    return new WorkerAnswer(connection, timeout, "the history")
        .of(WorkflowStub.fromTyped(history), HistoryView.class);
  }
}
