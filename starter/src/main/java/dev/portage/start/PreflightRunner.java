package dev.portage.start;

import dev.portage.connection.ConnectionException;
import dev.portage.connection.Repeatable;
import dev.portage.connection.TemporalConnection;
import dev.portage.preflight.PreflightOrder;
import dev.portage.preflight.PreflightReport;
import dev.portage.preflight.PreflightWorkflow;
import dev.portage.text.Markdown;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import java.time.Duration;

/** Has the workers check everything before anything changes, and waits for their findings. */
public final class PreflightRunner {

  private final TemporalConnection connection;
  private final Duration timeout;

  /**
   * Looks through a connection.
   *
   * @param timeout how long to wait for a worker to take it up where none is seen
   */
  public PreflightRunner(TemporalConnection connection, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
  }

  /**
   * What a preflight found.
   *
   * @param id workflow id, which is another for every order: one that is under way by it is waited
   *     for
   * @throws ConnectionException when no worker takes it up, or it does not end
   */
  public PreflightReport look(String id, PreflightOrder order) {
    PreflightWorkflow preflight =
        connection
            .client()
            .newWorkflowStub(
                PreflightWorkflow.class,
                Repeatable.withId(id)
                    .setWorkflowExecutionTimeout(WorkerAnswer.LIMIT)
                    .setStaticSummary(Markdown.summary(id + ": checks only, changes nothing"))
                    .build());
    WorkflowClient.start(preflight::check, order);
    return new WorkerAnswer(connection, timeout, "the preflight")
        .of(WorkflowStub.fromTyped(preflight), PreflightReport.class);
  }
}
