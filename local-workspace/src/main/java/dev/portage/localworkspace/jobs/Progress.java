package dev.portage.localworkspace.jobs;

import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The state of a run or a task. It only moves forward, and ends once. */
final class Progress {
  private final InstantSource clock;
  private final Instant startedAt;
  private LifeCycle lifeCycle = LifeCycle.PENDING;
  private @Nullable Instant runningSince;
  private @Nullable Instant endedAt;
  private @Nullable Ending ending;

  Progress(InstantSource clock, LifeCycle first) {
    this.clock = clock;
    this.startedAt = clock.instant();
    this.lifeCycle = first;
  }

  /** As it was when the workspace last ran; one without an end starts again. */
  Progress(
      InstantSource clock,
      Instant startedAt,
      @Nullable Instant runningSince,
      @Nullable Instant endedAt,
      @Nullable Ending ending) {
    this.clock = clock;
    this.startedAt = startedAt;
    this.runningSince = runningSince;
    this.endedAt = endedAt;
    this.ending = ending;
    this.lifeCycle = ending == null ? LifeCycle.PENDING : ending.lifeCycle();
  }

  /** Enters a state, unless it is over or already being stopped. */
  synchronized void enter(LifeCycle next) {
    if (ending != null || lifeCycle == LifeCycle.TERMINATING) {
      return;
    }
    lifeCycle = next;
    if (next == LifeCycle.RUNNING && runningSince == null) {
      runningSince = clock.instant();
    }
  }

  synchronized void end(Ending end) {
    if (ending == null) {
      ending = end;
      lifeCycle = end.lifeCycle();
      endedAt = clock.instant();
    }
  }

  synchronized Snapshot now() {
    return new Snapshot(lifeCycle, ending, startedAt, runningSince, endedAt);
  }

  /** One moment of it. */
  record Snapshot(
      LifeCycle lifeCycle,
      @Nullable Ending ending,
      Instant startedAt,
      @Nullable Instant runningSince,
      @Nullable Instant endedAt) {}
}
