package dev.portage.localworkspace.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The run of a job, or of a submission. */
final class JobRun {
  final long id;
  final RunRequest request;
  final RunPlan plan;
  final List<TaskRun> tasks;

  /** Attempts that others have taken the place of. */
  final List<TaskRun> replaced;

  final Path folder;
  final List<RunEffect> effects;
  final Progress progress;

  /** Comes when there is a slot for it. */
  final CompletableFuture<Boolean> admitted = new CompletableFuture<>();

  /** Comes when it is to be stopped, with how it then ends. */
  final CompletableFuture<Ending> stopped = new CompletableFuture<>();

  /** Comes when it has ended. */
  final CompletableFuture<Ending> ended = new CompletableFuture<>();

  private volatile @Nullable String usedCommit;

  JobRun(
      long id,
      RunRequest request,
      RunPlan plan,
      List<TaskRun> tasks,
      List<TaskRun> replaced,
      Path folder,
      List<RunEffect> effects,
      Progress progress) {
    this.id = id;
    this.request = request;
    this.plan = plan;
    this.tasks = List.copyOf(tasks);
    this.replaced = List.copyOf(replaced);
    this.folder = folder;
    this.effects = List.copyOf(effects);
    this.progress = progress;
    Ending before = progress.now().ending();
    if (before != null) {
      ended.complete(before);
    }
  }

  /** Every task run of it: first the attempts that others took the place of. */
  Stream<TaskRun> allTasks() {
    return Stream.concat(replaced.stream(), tasks.stream());
  }

  void usedCommit(String commit) {
    usedCommit = commit;
  }

  @Nullable String usedCommit() {
    return usedCommit;
  }

  /**
   * Asks for an early end; of several, the first counts. Nothing happens to a run that has ended.
   */
  void stop(Ending ending) {
    if (ended.isDone()) {
      return;
    }
    progress.enter(LifeCycle.TERMINATING);
    tasks.forEach(task -> task.progress.enter(LifeCycle.TERMINATING));
    stopped.complete(ending);
  }

  /** Records its end, which {@link #announceEnd} reports to whoever waits for it. */
  void conclude(Ending ending) {
    tasks.forEach(task -> task.progress.end(ending));
    progress.end(ending);
  }

  void announceEnd(Ending ending) {
    ended.complete(ending);
  }

  boolean isStopped() {
    return stopped.isDone();
  }

  /**
   * Waits, but not beyond a stop.
   *
   * @return the value, or null when the run was stopped first
   * @throws TimeoutException when the time was over first
   */
  <T> @Nullable T await(CompletableFuture<T> value, Duration limit)
      throws TimeoutException, InterruptedException, ExecutionException {
    CompletableFuture<@Nullable Object> first = CompletableFuture.anyOf(value, stopped);
    if (limit.isZero()) {
      first.get();
    } else {
      first.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
    return isStopped() ? null : value.get();
  }

  /** Waits so long, or until it is stopped. */
  void pause(Duration duration) throws InterruptedException {
    try {
      stopped.get(duration.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // The whole pause went by.
    } catch (ExecutionException e) {
      throw new IllegalStateException("A stop is never exceptional", e);
    }
  }

  /** What is shown in place of the real state at this moment, if a fault says so. */
  RunEffect.@Nullable Shows shownInstead(Instant now) {
    for (RunEffect effect : effects) {
      if (effect instanceof RunEffect.Shows shows
          && now.isBefore(progress.now().startedAt().plus(shows.duration()))) {
        return shows;
      }
    }
    return null;
  }
}
