package dev.portage.transfer;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.store.SideBySide;
import io.temporal.failure.ApplicationFailure;
import java.util.Collections;

/**
 * Many transfers at once, no more than the limiter lets in. What fails and may pass is tried again
 * here, each by itself, as long as something gets through ({@link Patience}).
 */
final class Flights {
  private final Limiter limiter;
  private final Patience patience;

  Flights(Limiter limiter) {
    this(limiter, new Patience(Patience.STANDARD));
  }

  /**
   * With a patience of its own.
   *
   * @param patience also that of the calls between the transfers
   */
  Flights(Limiter limiter, Patience patience) {
    this.limiter = limiter;
    this.patience = patience;
  }

  /** How long what fails is tried again, for whatever belongs to the same work. */
  Patience patience() {
    return patience;
  }

  /** Nothing to do yet. */
  Agenda agenda() {
    return new Agenda(new Pace(limiter.most()));
  }

  /** Does all that is on the agenda. The first failure that is given up ends all. */
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
    Patience.Streak streak = patience.streak();
    while (true) {
      Limiter.Slot slot = enter();
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
      patience.progress();
      return;
    }
  }

  /** Comes back when it is to be tried again. */
  private static void failed(Limiter.Slot slot, Patience.Streak streak, ApplicationFailure e) {
    if (Patience.isBusy(e)) {
      slot.busy(e.getNextRetryDelay());
      streak.failed(e);
      return; // The limiter lets nobody in for a while.
    }
    if (e.isNonRetryable() || Failures.statusOf(e) != null) {
      slot.failed();
    } else {
      slot.unanswered();
    }
    streak.failed(e);
    streak.pause();
  }

  private Limiter.Slot enter() {
    try {
      return limiter.enter();
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
