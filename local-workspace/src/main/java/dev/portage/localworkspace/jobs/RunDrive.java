package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.git.CheckoutFailed;
import dev.portage.localworkspace.git.Checkouts;
import dev.portage.localworkspace.git.GitSource;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.secrets.ClusterSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of a run that has code and tasks. */
final class RunDrive {
  private static final Logger log = LoggerFactory.getLogger(RunDrive.class);

  private final TaskRunner runner;
  private final ClusterSecrets secrets;
  private final Checkouts checkouts;
  private final JobRun run;
  private final Consumer<JobRun> save;
  private final Path checkout;

  /**
   * The drive of one run.
   *
   * @param save stores the run's current state
   */
  RunDrive(
      TaskRunner runner,
      ClusterSecrets secrets,
      Checkouts checkouts,
      JobRun run,
      Consumer<JobRun> save) {
    this.runner = runner;
    this.secrets = secrets;
    this.checkouts = checkouts;
    this.run = run;
    this.save = save;
    this.checkout = run.folder.resolve("checkout");
  }

  Ending go() throws IOException, InterruptedException, ExecutionException, TimeoutException {
    if (run.tasks.stream().allMatch(task -> task.ended.isDone())) {
      return Verdict.of(run);
    }
    Files.createDirectories(run.folder);
    ObjectNode git = run.plan.gitSource();
    if (git == null) {
      Files.createDirectories(checkout);
      return runTasks();
    }
    discard(checkout);
    GitSource source = source(git, run.usedCommit());
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
    save.accept(run);
    return runTasks();
  }

  private Ending runTasks() throws InterruptedException, ExecutionException {
    run.progress.enter(LifeCycle.RUNNING);
    for (TaskRun task : run.tasks) {
      if (task.ended.isDone()) {
        continue;
      }
      Thread.ofVirtual()
          .name("task-" + task.id)
          .start(() -> {
            Ending ending = runTask(task);
            task.progress.end(ending);
            try {
              save.accept(run);
            } finally {
              task.ended.complete(ending);
            }
          });
    }
    for (TaskRun task : run.tasks) {
      task.ended.get();
    }
    return run.isStopped() ? run.stopped.get() : Verdict.of(run);
  }

  private Ending runTask(TaskRun task) {
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
      Work work = new References(run.plan, run.id, task.id, task.plan.key()).fill(task.plan.work());
      ClusterSettings cluster =
          task.plan.cluster().resolved(secrets, run.plan.requested().creator());
      Files.createDirectories(task.folder);
      if (run.isStopped()) {
        return run.stopped.get();
      }
      // Stored before it does anything: after a crash it counts as started.
      task.begin();
      save.accept(run);
      TaskRunner.Execution execution =
          runner.start(
              new TaskLaunch(
                  new TaskLaunch.Ids(
                      run.plan.requested().jobId(),
                      run.id,
                      task.id,
                      task.plan.key(),
                      run.plan.requested().submitted()),
                  work,
                  new TaskLaunch.Places(checkout, task.folder, run.folder),
                  cluster,
                  task.plan.libraries(),
                  run.plan.requested().creator()));
      task.progress.enter(LifeCycle.RUNNING);
      return await(task, execution);
    } catch (ClusterSecrets.Unresolved e) {
      return Ending.clusterFailed(task.id, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Ending.notStarted(
          TerminationCode.INTERNAL_ERROR, "The task could not be started: " + e.getMessage());
    } catch (InterruptedException | ExecutionException | RuntimeException e) {
      log.error("Task run {} failed in the local workspace itself", task.id, e);
      return Ending.internalError("Unexpected failure in the local workspace; see its log.");
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

  /** What an attempt before left there, which was cut short. */
  private static void discard(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) tree.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }

  /**
   * Where the code comes from.
   *
   * @param used the commit that an attempt before has run, null where there was none
   */
  private static GitSource source(ObjectNode git, @Nullable String used) {
    String url = git.get("git_url").asText();
    String commit = used == null ? Json.text(git, "git_commit") : used;
    if (commit != null) {
      return new GitSource(url, GitSource.Kind.COMMIT, commit);
    }
    String tag = Json.text(git, "git_tag");
    return tag != null
        ? new GitSource(url, GitSource.Kind.TAG, tag)
        : new GitSource(url, GitSource.Kind.BRANCH, git.get("git_branch").asText());
  }
}
