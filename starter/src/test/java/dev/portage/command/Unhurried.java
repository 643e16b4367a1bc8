package dev.portage.command;

import io.temporal.activity.ActivityOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** An activity that no worker picks up for a day. */
final class Unhurried {

  private Unhurried() {}

  /** From here on it is pending. */
  static void begin(String type) {
    Workflow.newUntypedActivityStub(
            ActivityOptions.newBuilder()
                .setTaskQueue("nobody-is-there")
                .setScheduleToCloseTimeout(Duration.ofDays(1))
                .build())
        .executeAsync(type, Void.class);
  }
}
