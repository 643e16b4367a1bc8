package dev.portage.load;

import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/** A worker of bare workflows, in a process like Portage's workers and with as many slots. */
public final class BareWorker {
  private static final int ACTIVITIES_AT_ONCE = 64;

  private BareWorker() {}

  /**
   * Serves until it is ended.
   *
   * @param arguments address of Temporal; then the task queues of activities
   */
  public static void main(String[] arguments) throws InterruptedException {
    WorkflowServiceStubs stubs =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(arguments[0]).build());
    WorkerFactory factory =
        WorkerFactory.newInstance(
            WorkflowClient.newInstance(stubs),
            WorkerFactoryOptions.newBuilder().setUsingVirtualWorkflowThreads(true).build());
    WorkerOptions options =
        WorkerOptions.newBuilder()
            .setUsingVirtualThreads(true)
            .setMaxConcurrentActivityExecutionSize(ACTIVITIES_AT_ONCE)
            .build();
    BareActivities activities = () -> {};
    Worker shared = factory.newWorker(BareWorkflow.TASK_QUEUE, options);
    shared.registerWorkflowImplementationTypes(BareWorkflowImpl.class);
    shared.registerActivitiesImplementations(activities);
    Arrays.stream(arguments)
        .skip(1)
        .filter(queue -> !queue.equals(BareWorkflow.TASK_QUEUE))
        .forEach(queue ->
            factory.newWorker(queue, options).registerActivitiesImplementations(activities));
    factory.start();
    System.out.println("bare worker ready");
    new CountDownLatch(1).await();
  }
}
