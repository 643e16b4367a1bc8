package dev.portage.localworkspace.jobs;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The run of one task: one attempt, for most the only one. */
final class TaskRun {
  final long id;
  final RunPlan.TaskPlan plan;
  final Path folder;

  /** Which attempt of the task it is, from 0. */
  final int attempt;

  final Progress progress;

  /** Comes when it has ended. */
  final CompletableFuture<Ending> ended = new CompletableFuture<>();

  private volatile @Nullable TaskOutcome outcome;
  private volatile boolean begun;

  /**
   * The state of a task run.
   *
   * @param runFolder the folder of the job run; its own is in it
   */
  TaskRun(long id, RunPlan.TaskPlan plan, Path runFolder, int attempt, Progress progress) {
    this.id = id;
    this.plan = plan;
    this.folder = runFolder.resolve(Long.toString(id));
    this.attempt = attempt;
    this.progress = progress;
    Ending before = progress.now().ending();
    if (before != null) {
      ended.complete(before);
    }
  }

  /** One that is about to begin. */
  static TaskRun first(long id, RunPlan.TaskPlan plan, Path runFolder, InstantSource clock) {
    LifeCycle begin = plan.dependsOn().isEmpty() ? LifeCycle.PENDING : LifeCycle.BLOCKED;
    return new TaskRun(id, plan, runFolder, 0, new Progress(clock, begin));
  }

  /** From here on it may have done something. */
  void begin() {
    begun = true;
  }

  boolean hasBegun() {
    return begun;
  }

  void outcome(TaskOutcome came) {
    outcome = came;
  }

  @Nullable TaskOutcome outcome() {
    return outcome;
  }
}
