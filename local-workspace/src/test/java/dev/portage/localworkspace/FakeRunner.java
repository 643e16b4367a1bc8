package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.localworkspace.jobs.TaskLaunch;
import dev.portage.localworkspace.jobs.TaskOutcome;
import dev.portage.localworkspace.jobs.TaskRunner;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Runs nothing: each task waits until the test ends it. */
final class FakeRunner implements TaskRunner {
  private final BlockingQueue<FakeTask> started = new LinkedBlockingQueue<>();
  private final List<FakeTask> all = new CopyOnWriteArrayList<>();

  @Override
  public Execution start(TaskLaunch launch) {
    FakeTask task = new FakeTask(launch);
    all.add(task);
    started.add(task);
    return task;
  }

  /** The next task that started; waits for it. */
  FakeTask next() {
    try {
      FakeTask task = started.poll(10, TimeUnit.SECONDS);
      if (task == null) {
        throw new AssertionError("No task began within 10 s");
      }
      return task;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Ends the tasks that the test left running. */
  void endAll() {
    all.forEach(FakeTask::dies);
  }

  /** Whether no task has started that the test has not fetched. */
  boolean isIdle() {
    return started.isEmpty();
  }

  /** A task that does nothing. */
  static final class FakeTask implements Execution {
    private final TaskLaunch launch;
    private final CompletableFuture<TaskOutcome> outcome = new CompletableFuture<>();
    private final CompletableFuture<Boolean> killed = new CompletableFuture<>();

    private FakeTask(TaskLaunch launch) {
      this.launch = launch;
    }

    TaskLaunch launch() {
      return launch;
    }

    void succeeds(String exitValue) {
      outcome.complete(new TaskOutcome.Succeeded(exitValue));
    }

    void fails(String error) {
      outcome.complete(new TaskOutcome.Failed(error, "Traceback: " + error));
    }

    /** Waits until it is ordered to stop. */
    void awaitKill() {
      assertThat(killed.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
    }

    @Override
    public CompletableFuture<TaskOutcome> outcome() {
      return outcome;
    }

    /** Dies only when the test allows it, so that the state in between can be seen. */
    @Override
    public void kill() {
      killed.complete(true);
    }

    void dies() {
      outcome.complete(new TaskOutcome.Failed("killed", null));
    }
  }
}
