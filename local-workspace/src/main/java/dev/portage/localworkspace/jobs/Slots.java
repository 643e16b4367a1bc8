package dev.portage.localworkspace.jobs;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** How many runs of a job may be active at once, and which wait for a slot. */
final class Slots {
  private final Map<Long, Set<JobRun>> active = new HashMap<>();
  private final Map<Long, ArrayDeque<JobRun>> waiting = new HashMap<>();

  /** Admits the run, queues it, or says that it must be skipped. */
  synchronized boolean enter(JobRun run) {
    Set<JobRun> running =
        active.computeIfAbsent(run.plan.requested().jobId(), id -> new HashSet<>());
    if (running.size() < run.plan.limits().maxConcurrent()) {
      running.add(run);
      run.admitted.complete(true);
      return true;
    }
    if (!run.plan.limits().queue()) {
      return false;
    }
    run.progress.enter(LifeCycle.QUEUED);
    waiting.computeIfAbsent(run.plan.requested().jobId(), id -> new ArrayDeque<>()).add(run);
    return true;
  }

  /** Gives the run's place to the next in line. */
  synchronized void leave(JobRun run) {
    ArrayDeque<JobRun> line =
        waiting.getOrDefault(run.plan.requested().jobId(), new ArrayDeque<>());
    line.remove(run);
    Set<JobRun> running = active.getOrDefault(run.plan.requested().jobId(), Set.of());
    if (!running.remove(run)) {
      return;
    }
    JobRun next = line.peek();
    if (next != null && running.size() < next.plan.limits().maxConcurrent()) {
      line.remove();
      running.add(next);
      next.admitted.complete(true);
    }
  }
}
