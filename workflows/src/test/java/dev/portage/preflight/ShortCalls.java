package dev.portage.preflight;

import java.time.Duration;

/** Calls that wait for workers for less than a second, since no test skips that time. */
public final class ShortCalls {

  private ShortCalls() {}

  /** Those. */
  public static WorkspaceCalls calls() {
    return new WorkspaceCalls(
        new WorkspaceCalls.WorkerTimeouts(
            Duration.ofMillis(500), Duration.ofMillis(200), Duration.ofMillis(800)));
  }
}
