package dev.portage.worker;

import dev.portage.temporal.Payloads;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.WorkerFactoryOptions;

/** A Temporal server within the test, with the real clock and our data converter. */
final class InProcessTemporal {

  private InProcessTemporal() {}

  /**
   * A new one, to be closed by the test.
   *
   * @param interceptors of its workers
   */
  static TestWorkflowEnvironment create(WorkerInterceptor... interceptors) {
    return TestWorkflowEnvironment.newInstance(
        TestEnvironmentOptions.newBuilder()
            .setUseTimeskipping(false)
            .setWorkflowClientOptions(
                WorkflowClientOptions.newBuilder()
                    .setDataConverter(Payloads.dataConverter())
                    .build())
            .setWorkerFactoryOptions(
                WorkerFactoryOptions.newBuilder().setWorkerInterceptors(interceptors).build())
            .build());
  }
}
