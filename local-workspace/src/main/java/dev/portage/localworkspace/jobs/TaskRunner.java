package dev.portage.localworkspace.jobs;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Runs tasks. */
@FunctionalInterface
public interface TaskRunner {
  /**
   * Starts a task and returns at once.
   *
   * @throws IOException when it can't even begin
   */
  Execution start(TaskLaunch launch) throws IOException;

  /** A task that runs. */
  interface Execution {
    /** Comes when the task has ended, also after {@link #kill}. */
    CompletableFuture<TaskOutcome> outcome();

    /**
     * Stops the task and everything it began. May be called at any time and more than once; does
     * not wait.
     */
    void kill();
  }
}
