package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.documents.DocumentFolder;
import dev.portage.localworkspace.git.Checkouts;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.secrets.ClusterSecrets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives runs from start to end, each on a virtual thread of its own. Each is kept on disk as it
 * goes, and one that had not ended goes on after the next start.
 */
final class RunEngine implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunEngine.class);

  private static final long CLOSE_SECONDS = 30;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final TaskRunner runner;
  private final ClusterSecrets secrets;
  private final Checkouts checkouts;
  private final RunFaults faults;
  private final Path folder;
  private final LongSupplier ids;
  private final InstantSource clock;
  private final Slots slots = new Slots();
  private final RunDocuments documents;
  private final DocumentFolder kept;
  private final TreeMap<Long, JobRun> runs = new TreeMap<>();
  private final Map<Long, JobRun> byTask = new HashMap<>();
  private volatile boolean closed;

  /**
   * An engine without runs.
   *
   * @param folder where runs have their folders, and are kept
   * @throws IOException when it can't be made
   */
  RunEngine(JobsApi.Tasks tasks, Path folder, LongSupplier ids, InstantSource clock)
      throws IOException {
    this.runner = tasks.runner();
    this.secrets = tasks.secrets();
    this.checkouts = tasks.checkouts();
    this.faults = tasks.faults();
    this.folder = folder;
    this.ids = ids;
    this.clock = clock;
    this.documents = new RunDocuments(folder, ids, clock);
    this.kept = new DocumentFolder(folder);
  }

  /**
   * Loads the stored runs; unfinished ones continue.
   *
   * @param mlflow whether the server that runs write to is up yet: it may be starting at the same
   *     time
   * @param ids receives the highest id in use, before a new one is needed
   */
  synchronized void goOn(BooleanSupplier mlflow, LongConsumer ids) throws IOException {
    Map<Long, ObjectNode> all = kept.all();
    all.forEach((id, document) -> ids.accept(RunDocuments.highest(id, document)));
    all.forEach((id, document) -> {
      try {
        goOn(documents.read(id, document), mlflow);
      } catch (ApiRefusal
          | IllegalArgumentException
          | NoSuchElementException
          | DateTimeException e) {
        log.warn("Skipping run {}, which can't be read: {}", id, e.getMessage());
      }
    });
  }

  private void goOn(JobRun run, BooleanSupplier mlflow) {
    add(run);
    if (run.ended.isDone()) {
      return;
    }
    Ending stop = run.stopped.getNow(null);
    if (stop != null) {
      end(run, stop);
      return;
    }
    log.info("Run {} continues where the workspace stopped", run.id);
    // Pollers find the attempts that replace earlier ones.
    save(run);
    begin(run, () -> driveOnce(run, mlflow));
  }

  private void driveOnce(JobRun run, BooleanSupplier mlflow) {
    try {
      while (!run.isStopped() && !mlflow.getAsBoolean()) {
        run.pause(LOOK_AGAIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    drive(run);
  }

  private void add(JobRun run) {
    runs.put(run.id, run);
    run.allTasks().forEach(task -> byTask.put(task.id, run));
  }

  private void begin(JobRun run, Runnable drive) {
    if (slots.enter(run)) {
      Thread.ofVirtual().name("run-" + run.id).start(drive);
    } else {
      end(run, Ending.tooManyRuns(run.plan.limits().maxConcurrent()));
    }
  }

  /** What happens to a run while the workspace stops is not stored: it will continue. */
  private void save(JobRun run) {
    if (!closed) {
      synchronized (run) {
        kept.put(run.id, RunDocuments.write(run));
      }
    }
  }

  private void end(JobRun run, Ending ending) {
    run.conclude(ending);
    try {
      save(run);
    } finally {
      run.announceEnd(ending);
    }
  }

  /** Ids of the runs that were requested with a token. */
  synchronized Map<String, Long> byToken() {
    Map<String, Long> tokens = new HashMap<>();
    for (JobRun run : runs.values()) {
      if (run.request.token() != null) {
        tokens.put(run.request.token(), run.id);
      }
    }
    return tokens;
  }

  /** Stops a run early. */
  void stop(JobRun run, Ending ending) {
    run.stop(ending);
    if (!run.ended.isDone()) {
      save(run);
    }
  }

  /**
   * Begins a run; whether it waits, runs or is skipped shows in its state. It is on disk when this
   * returns.
   */
  synchronized JobRun start(RunRequest request) {
    if (closed) {
      throw ApiRefusal.unavailable("The workspace is stopping.");
    }
    RunPlan plan = request.plan();
    long id = ids.getAsLong();
    Path runFolder = folder.resolve(Long.toString(id));
    List<TaskRun> tasks = new ArrayList<>();
    for (RunPlan.TaskPlan task : plan.tasks()) {
      long taskId = ids.getAsLong();
      tasks.add(TaskRun.first(taskId, task, runFolder, clock));
    }
    JobRun run =
        new JobRun(
            id,
            request,
            plan,
            tasks,
            List.of(),
            runFolder,
            faults.strike(plan.requested().name()),
            new Progress(clock, LifeCycle.PENDING));
    save(run);
    add(run);
    begin(run, () -> drive(run));
    return run;
  }

  synchronized Optional<JobRun> find(long id) {
    return Optional.ofNullable(runs.get(id));
  }

  /** The job run of a task run. */
  synchronized Optional<JobRun> findByTask(long taskRunId) {
    return Optional.ofNullable(byTask.get(taskRunId));
  }

  /** All runs, newest first. */
  synchronized List<JobRun> newestFirst() {
    return List.copyOf(runs.descendingMap().values());
  }

  /**
   * Stops every run and its processes, and waits until none is left. On disk they remain
   * unfinished.
   */
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
      log.warn("Could not stop all runs within {} s", CLOSE_SECONDS);
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
      ending = Ending.internalError("Unexpected failure in the local workspace; see its log.");
    }
    // The slot is freed before the end is visible, so that whoever waited for the end finds it
    // free.
    slots.leave(run);
    end(run, ending);
  }

  private Ending pass(JobRun run)
      throws InterruptedException, IOException, ExecutionException, TimeoutException {
    run.await(run.admitted, Duration.ZERO);
    if (!run.plan.limits().timeout().isZero()) {
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
    return new RunDrive(runner, secrets, checkouts, run, this::save).go();
  }

  private void stopWhenLate(JobRun run) {
    Duration limit = run.plan.limits().timeout();
    try {
      run.ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      stop(run, Ending.timedOut(limit.toSeconds()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("An end is never exceptional", e);
    }
  }
}
