package dev.portage.transfer;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.store.SideBySide;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many transfers at once, no more than the limiter lets in. A server that is busy is asked again
 * here as long as others get through meanwhile; one that lets nobody through is waited for by
 * Temporal.
 */
final class Flights {
  private static final int MOST_TRIES = 10;

  private final Limiter limiter;
  private final AtomicLong through = new AtomicLong();

  Flights(Limiter limiter) {
    this.limiter = limiter;
  }

  /** Nothing to do yet. */
  Agenda agenda() {
    return new Agenda(new Pace(limiter.most()));
  }

  /** Does all that is on the agenda. The first failure ends all. */
  void work(Agenda agenda) {
    int lanes = limiter.most();
    SideBySide.each(Collections.nCopies(lanes, agenda), lanes, this::lane);
  }

  private void lane(Agenda agenda) {
    try {
      for (Agenda.Job job = agenda.next(null); job != null; job = agenda.next(job)) {
        one(job.bytes(), job.work());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SideBySide.stopping();
    }
  }

  private void one(long bytes, Runnable transfer) {
    for (int tries = 1; ; tries++) {
      long before = through.get();
      Limiter.Slot slot = enter();
      try {
        transfer.run();
      } catch (ApplicationFailure e) {
        if (!isBusy(e)) {
          slot.failed();
          throw e;
        }
        Duration retryAfter = e.getNextRetryDelay();
        slot.busy(retryAfter);
        if (tries == MOST_TRIES
            || through.get() == before
            || (retryAfter != null && retryAfter.compareTo(Limiter.LONGEST_PAUSE) > 0)) {
          throw e;
        }
        continue;
      } catch (RuntimeException | Error e) {
        slot.failed();
        throw e;
      }
      slot.done(bytes);
      through.incrementAndGet();
      return;
    }
  }

  private Limiter.Slot enter() {
    try {
      return limiter.enter();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failures.of(
          Problem.of(
              FailureKind.PLATFORM,
              "carry files",
              "this worker",
              "it was broken off",
              "The next attempt goes on with it."));
    }
  }

  /** Whether a server says that it has too much to do. */
  private static boolean isBusy(ApplicationFailure failure) {
    Integer status = Failures.statusOf(failure);
    return status != null && (status == 429 || status == 503);
  }
}
