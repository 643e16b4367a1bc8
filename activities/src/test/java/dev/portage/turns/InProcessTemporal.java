package dev.portage.turns;

import dev.portage.temporal.Payloads;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;

/** A Temporal server within the test, with the real clock and our data converter. */
final class InProcessTemporal {

  private InProcessTemporal() {}

  /** A new one, to be closed by the test. */
  static TestWorkflowEnvironment create() {
    return TestWorkflowEnvironment.newInstance(
        TestEnvironmentOptions.newBuilder()
            .setUseTimeskipping(false)
            .setWorkflowClientOptions(
                WorkflowClientOptions.newBuilder()
                    .setDataConverter(Payloads.dataConverter())
                    .build())
            .build());
  }
}
