package dev.portage.localworkspace.jobs;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The run of one task. */
final class TaskRun {
  final long id;
  final RunPlan.TaskPlan plan;
  final Path folder;
  final Progress progress;

  /** Comes when it has ended. */
  final CompletableFuture<Ending> ended = new CompletableFuture<>();

  private volatile @Nullable TaskOutcome outcome;

  TaskRun(long id, RunPlan.TaskPlan plan, Path folder, InstantSource clock) {
    this.id = id;
    this.plan = plan;
    this.folder = folder;
    this.progress =
        new Progress(clock, plan.dependsOn().isEmpty() ? LifeCycle.PENDING : LifeCycle.BLOCKED);
  }

  void outcome(TaskOutcome came) {
    outcome = came;
  }

  @Nullable TaskOutcome outcome() {
    return outcome;
  }
}
