package dev.portage.temporal;

import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.WorkerFactoryOptions;

/** A Temporal server within the test, with the data converter of all our processes. */
public final class TestTemporal {

  private TestTemporal() {}

  /** One whose clock skips what a test sleeps or waits for. */
  public static TestWorkflowEnvironment skippingTime(WorkerInterceptor... interceptors) {
    return of(true, interceptors);
  }

  /** One whose clock is the real one. */
  public static TestWorkflowEnvironment inRealTime(WorkerInterceptor... interceptors) {
    return of(false, interceptors);
  }

  /** Options of a workflow on the queue of ours. */
  public static WorkflowOptions withId(String id) {
    return WorkflowOptions.newBuilder().setWorkflowId(id).setTaskQueue(Queues.PORTAGE).build();
  }

  /** How all clients of a test's server write, and what they don't get to see of it. */
  public static WorkflowClientOptions clientOptions() {
    return WorkflowClientOptions.newBuilder()
        .setDataConverter(Payloads.dataConverter())
        .setInterceptors(new BetweenRuns())
        .build();
  }

  private static TestWorkflowEnvironment of(boolean skipping, WorkerInterceptor... interceptors) {
    return TestWorkflowEnvironment.newInstance(
        TestEnvironmentOptions.newBuilder()
            .setUseTimeskipping(skipping)
            .setWorkflowClientOptions(clientOptions())
            .setWorkerFactoryOptions(
                WorkerFactoryOptions.newBuilder().setWorkerInterceptors(interceptors).build())
            .build());
  }
}
