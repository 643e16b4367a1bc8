package dev.portage.attempt;

import dev.portage.temporal.Payloads;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.testing.TestActivityEnvironment;
import io.temporal.testing.TestEnvironmentOptions;

/** What tests call activities through, as Temporal does. */
public final class ActivityEnvironments {

  private ActivityEnvironments() {}

  /** One with the data converter that all processes have. */
  public static TestActivityEnvironment start() {
    return TestActivityEnvironment.newInstance(
        TestEnvironmentOptions.newBuilder()
            .setWorkflowClientOptions(
                WorkflowClientOptions.newBuilder()
                    .setDataConverter(Payloads.dataConverter())
                    .build())
            .build());
  }
}
