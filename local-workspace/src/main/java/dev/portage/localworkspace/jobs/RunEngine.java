package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.git.CheckoutFailed;
import dev.portage.localworkspace.git.Checkouts;
import dev.portage.localworkspace.git.GitSource;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drives runs from start to end, each on a virtual thread of its own. */
final class RunEngine implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunEngine.class);

  private static final long CLOSE_SECONDS = 30;

  private final TaskRunner runner;
  private final Checkouts checkouts;
  private final RunFaults faults;
  private final Path folder;
  private final LongSupplier ids;
  private final InstantSource clock;
  private final Slots slots = new Slots();
  private final TreeMap<Long, JobRun> runs = new TreeMap<>();
  private final Map<Long, JobRun> byTask = new HashMap<>();
  private boolean closed;

  RunEngine(
      TaskRunner runner,
      Checkouts checkouts,
      RunFaults faults,
      Path folder,
      LongSupplier ids,
      InstantSource clock) {
    this.runner = runner;
    this.checkouts = checkouts;
    this.faults = faults;
    this.folder = folder;
    this.ids = ids;
    this.clock = clock;
  }

  /** Begins a run; whether it waits, runs or is skipped shows in its state. */
  synchronized JobRun start(RunPlan plan) {
    if (closed) {
      throw ApiRefusal.unavailable("The workspace is being stopped.");
    }
    long id = ids.getAsLong();
    Path runFolder = folder.resolve(Long.toString(id));
    List<TaskRun> tasks = new ArrayList<>();
    for (RunPlan.TaskPlan task : plan.tasks()) {
      long taskId = ids.getAsLong();
      tasks.add(new TaskRun(taskId, task, runFolder.resolve(Long.toString(taskId)), clock));
    }
    JobRun run = new JobRun(id, plan, tasks, runFolder, faults.strike(plan.name()), clock);
    runs.put(id, run);
    tasks.forEach(task -> byTask.put(task.id, run));
    if (slots.enter(run)) {
      Thread.ofVirtual().name("run-" + id).start(() -> drive(run));
    } else {
      run.end(Ending.tooManyRuns(plan.maxConcurrent()));
    }
    return run;
  }

  synchronized Optional<JobRun> find(long id) {
    return Optional.ofNullable(runs.get(id));
  }

  /** The job run that a task run belongs to. */
  synchronized Optional<JobRun> findByTask(long taskRunId) {
    return Optional.ofNullable(byTask.get(taskRunId));
  }

  /** All runs, newest first. */
  synchronized List<JobRun> newestFirst() {
    return List.copyOf(runs.descendingMap().values());
  }

  /** Stops every run, and waits until none is left. */
  @Override
  public void close() {
    List<JobRun> left;
    synchronized (this) {
      closed = true;
      left = newestFirst();
    }
    left.forEach(run -> run.stop(Ending.internalError("The workspace was stopped.")));
    CompletableFuture<?>[] ends =
        left.stream().map(run -> run.ended).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(ends).get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("Not all runs could be stopped within {} s", CLOSE_SECONDS);
    }
  }

  private void drive(JobRun run) {
    Ending ending;
    try {
      ending = pass(run);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ending = Ending.internalError("The run was interrupted.");
    } catch (IOException | RuntimeException | ExecutionException | TimeoutException e) {
      log.error("Run {} failed in the local workspace itself", run.id, e);
      ending =
          Ending.internalError("Unexpected failure in the local workspace; its log says more.");
    }
    // The place is free before the end is seen, so that whoever waited for the end finds it free.
    slots.leave(run);
    run.end(ending);
  }

  private Ending pass(JobRun run)
      throws InterruptedException, IOException, ExecutionException, TimeoutException {
    run.await(run.admitted, Duration.ZERO);
    if (!run.plan.timeout().isZero()) {
      Thread.ofVirtual().name("timeout-" + run.id).start(() -> stopWhenLate(run));
    }
    run.progress.enter(LifeCycle.PENDING);
    for (RunEffect effect : run.effects) {
      if (effect instanceof RunEffect.StartsLate late) {
        run.pause(late.delay());
      }
    }
    if (run.isStopped()) {
      return run.stopped.get();
    }
    for (RunEffect effect : run.effects) {
      if (effect instanceof RunEffect.Ends ends) {
        run.tasks.forEach(
            task -> task.outcome(new TaskOutcome.Failed("Fault: " + ends.ending().result(), null)));
        return ends.ending();
      }
    }
    return new RunDrive(run).go();
  }

  private static void stopWhenLate(JobRun run) {
    Duration limit = run.plan.timeout();
    try {
      run.ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      run.stop(Ending.timedOut(limit.toSeconds()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("An end is never exceptional", e);
    }
  }

  /** The part of a run that has code and tasks. */
  private final class RunDrive {
    private final JobRun run;
    private final Path checkout;

    RunDrive(JobRun run) {
      this.run = run;
      this.checkout = run.folder.resolve("checkout");
    }

    Ending go() throws IOException, InterruptedException, ExecutionException, TimeoutException {
      Files.createDirectories(run.folder);
      ObjectNode git = run.plan.gitSource();
      if (git == null) {
        Files.createDirectories(checkout);
        return runTasks("");
      }
      GitSource source = source(git);
      CompletableFuture<String> code = new CompletableFuture<>();
      Thread fetching =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  code.complete(checkouts.checkOut(source, checkout));
                } catch (CheckoutFailed | InterruptedException | RuntimeException e) {
                  code.completeExceptionally(e);
                }
              });
      String commit;
      try {
        commit = run.await(code, Duration.ZERO);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof CheckoutFailed failed) {
          Ending ending =
              Ending.notStarted(
                  TerminationCode.REPOSITORY_CHECKOUT_FAILED, String.valueOf(failed.getMessage()));
          run.tasks.forEach(task -> task.progress.end(ending));
          return Verdict.of(run);
        }
        throw e;
      }
      if (commit == null) {
        fetching.interrupt();
        return run.stopped.get();
      }
      run.usedCommit(commit);
      return runTasks(commit);
    }

    private Ending runTasks(String commit) throws InterruptedException, ExecutionException {
      run.progress.enter(LifeCycle.RUNNING);
      for (TaskRun task : run.tasks) {
        Thread.ofVirtual()
            .name("task-" + task.id)
            .start(() -> {
              Ending ending = runTask(task, commit);
              task.progress.end(ending);
              task.ended.complete(ending);
            });
      }
      for (TaskRun task : run.tasks) {
        task.ended.get();
      }
      return run.isStopped() ? run.stopped.get() : Verdict.of(run);
    }

    private Ending runTask(TaskRun task, String commit) {
      try {
        for (TaskRun other : run.tasks) {
          if (!task.plan.dependsOn().contains(other.plan.key())) {
            continue;
          }
          Ending ending = other.ended.get();
          if (!ending.isSuccess() && !task.plan.evenAfterFailure()) {
            return run.isStopped() ? run.stopped.get() : Ending.upstream(ending);
          }
        }
        task.progress.enter(LifeCycle.PENDING);
        Work work =
            new References(run.plan, run.id, task.id, task.plan.key()).fill(task.plan.work());
        Files.createDirectories(task.folder);
        if (run.isStopped()) {
          return run.stopped.get();
        }
        TaskRunner.Execution execution =
            runner.start(
                new TaskLaunch(
                    run.plan.jobId(),
                    run.id,
                    task.id,
                    task.plan.key(),
                    run.plan.submitted(),
                    work,
                    checkout,
                    commit,
                    task.folder,
                    run.folder,
                    task.plan.environment(),
                    task.plan.libraries(),
                    run.plan.creator()));
        task.progress.enter(LifeCycle.RUNNING);
        return await(task, execution);
      } catch (IOException e) {
        return Ending.notStarted(
            TerminationCode.INTERNAL_ERROR, "The task could not be started: " + e.getMessage());
      } catch (InterruptedException | ExecutionException | RuntimeException e) {
        log.error("Task run {} failed in the local workspace itself", task.id, e);
        return Ending.internalError(
            "Unexpected failure in the local workspace; its log says more.");
      }
    }

    private Ending await(TaskRun task, TaskRunner.Execution execution)
        throws InterruptedException, ExecutionException {
      CompletableFuture<TaskOutcome> outcome = execution.outcome();
      Duration limit = task.plan.timeout();
      Ending early = null;
      try {
        if (run.await(outcome, limit) == null) {
          early = run.stopped.get();
        }
      } catch (TimeoutException e) {
        task.progress.enter(LifeCycle.TERMINATING);
        early = Ending.timedOut(limit.toSeconds());
      }
      if (early != null) {
        execution.kill();
      }
      TaskOutcome came = outcome.get();
      task.outcome(came);
      if (early != null) {
        return early;
      }
      return switch (came) {
        case TaskOutcome.Succeeded _ -> Ending.success();
        case TaskOutcome.Failed _ -> Ending.workloadFailed();
        case TaskOutcome.Missing missing ->
            Ending.notStarted(TerminationCode.RESOURCE_NOT_FOUND, missing.message());
      };
    }

    private static GitSource source(ObjectNode git) {
      String url = git.get("git_url").asText();
      String commit = Json.text(git, "git_commit");
      if (commit != null) {
        return new GitSource(url, GitSource.Kind.COMMIT, commit);
      }
      String tag = Json.text(git, "git_tag");
      return tag != null
          ? new GitSource(url, GitSource.Kind.TAG, tag)
          : new GitSource(url, GitSource.Kind.BRANCH, git.get("git_branch").asText());
    }
  }
}
