package dev.portage.transfer;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.store.Parallel;
import io.temporal.failure.ApplicationFailure;
import java.util.Collections;

/**
 * Runs many transfers at once, no more than {@link Concurrency} allows. Each retries temporary
 * failures by itself, as long as something gets through ({@link RetryTimeout}).
 */
final class Flights {
  private final Concurrency concurrency;
  private final RetryTimeout retry;

  Flights(Concurrency concurrency) {
    this(concurrency, new RetryTimeout(RetryTimeout.STANDARD));
  }

  /**
   * With a retry timeout of its own.
   *
   * @param retry also that of the calls between the transfers
   */
  Flights(Concurrency concurrency, RetryTimeout retry) {
    this.concurrency = concurrency;
    this.retry = retry;
  }

  /** How long temporary failures are retried, for everything that belongs to the same work. */
  RetryTimeout retry() {
    return retry;
  }

  /** Nothing to do yet. */
  WorkQueue workQueue() {
    return new WorkQueue(concurrency);
  }

  /** Runs all jobs of the work queue. The first failure that is given up ends all. */
  void work(WorkQueue workQueue) {
    int workers = concurrency.most();
    Parallel.each(Collections.nCopies(workers, workQueue), workers, this::worker);
  }

  private void worker(WorkQueue workQueue) {
    try {
      for (WorkQueue.Job job = workQueue.next(null); job != null; job = workQueue.next(job)) {
        one(job.bytes(), job.work());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Parallel.stopping();
    }
  }

  private void one(long bytes, Runnable transfer) {
    RetryTimeout.Streak streak = retry.streak();
    while (true) {
      Concurrency.Slot slot = enter();
      try {
        transfer.run();
      } catch (ApplicationFailure e) {
        failed(slot, streak, e);
        continue;
      } catch (RuntimeException | Error e) {
        slot.failed();
        throw e;
      }
      slot.done(bytes);
      retry.progress();
      return;
    }
  }

  /** Returns when it should be retried. */
  private static void failed(
      Concurrency.Slot slot, RetryTimeout.Streak streak, ApplicationFailure e) {
    if (RetryTimeout.isBusy(e)) {
      slot.busy(e.getNextRetryDelay());
      streak.failed(e);
      return; // The pause lets nobody in for a while.
    }
    if (e.isNonRetryable() || Failures.statusOf(e) != null) {
      slot.failed();
    } else {
      slot.unanswered();
    }
    streak.failed(e);
    streak.pause();
  }

  private Concurrency.Slot enter() {
    try {
      return concurrency.enter();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failures.of(
          Problem.of(
              FailureKind.PLATFORM,
              "copy files",
              "this worker",
              "it was aborted",
              "The next attempt continues."));
    }
  }
}
