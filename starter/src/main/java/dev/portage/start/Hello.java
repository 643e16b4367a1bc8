package dev.portage.start;

import dev.portage.azuredevops.Pipeline;
import dev.portage.connection.TemporalConnection;
import dev.portage.hello.HelloStart;
import dev.portage.hello.HelloView;
import dev.portage.hello.HelloWorkflow;
import dev.portage.promotion.Build;
import dev.portage.temporal.Queues;
import dev.portage.text.Markdown;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** Starts the hello workflow and waits for its result. */
public final class Hello {

  private final TemporalConnection connection;
  private final Duration timeout;

  /**
   * Says it through a connection.
   *
   * @param timeout how long to wait for a worker where none is seen
   */
  public Hello(TemporalConnection connection, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
  }

  /**
   * Starts the workflow.
   *
   * @param environment the process's variables: a pipeline run says that it is one
   * @return its workflow id
   */
  public String start(String by, Map<String, String> environment) {
    String id = "hello/" + UUID.randomUUID().toString().substring(0, 8);
    HelloWorkflow hello =
        connection
            .client()
            .newWorkflowStub(
                HelloWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setWorkflowId(id)
                    .setTaskQueue(Queues.PORTAGE)
                    .setWorkflowExecutionTimeout(WorkerAnswer.LIMIT)
                    .setStaticSummary(Markdown.summary("hello: changes nothing"))
                    .build());
    String from =
        Pipeline.of(environment)
            .map(pipeline ->
                "Azure DevOps" + pipeline.build().map(Build::id).map(" build "::concat).orElse(""))
            .orElse(null);
    WorkflowClient.start(hello::hello, new HelloStart(by, from));
    return id;
  }

  /**
   * The result.
   *
   * @throws dev.portage.connection.ConnectionException when no worker picks it up
   */
  public HelloView await(String id) {
    WorkflowStub hello = connection.client().newUntypedWorkflowStub(id);
    return new WorkerAnswer(connection, timeout, "hello").of(hello, HelloView.class);
  }
}
