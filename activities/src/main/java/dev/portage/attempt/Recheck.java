package dev.portage.attempt;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits until a server shows what was just written; it may take a while, or answer from a stale
 * replica. This is no retry: a failed read ends the attempt, and Temporal makes the next one.
 *
 * @param longest how long to keep reading
 * @param first pause after the first look; later ones double
 * @param most the longest pause
 */
public record Recheck(Duration longest, Duration first, Duration most) {

  /** Lets time pass. */
  @FunctionalInterface
  public interface Sleep {
    /** Returns after this time. */
    void sleep(Duration time);

    /** Real time; an interrupt is kept, and ends the attempt. */
    static void really(Duration time) {
      try {
        Thread.sleep(time);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Failures.of(
            Problem.of(
                FailureKind.PLATFORM,
                "wait until the server shows what was written",
                "this worker",
                "the worker is stopping",
                "The next worker continues."));
      }
    }
  }

  /** The same pause between all reads. */
  public static Recheck every(Duration pause, Duration longest) {
    return new Recheck(longest, pause, pause);
  }

  /**
   * Looks until it is as it should be, or the time is over.
   *
   * @return what the last look saw
   */
  public <T> T until(Supplier<T> look, Predicate<? super T> isShown) {
    return until(look, isShown, Sleep::really);
  }

  /** As {@link #until(Supplier, Predicate)}, in another time. */
  public <T> T until(Supplier<T> look, Predicate<? super T> isShown, Sleep time) {
    long end = System.nanoTime() + longest.toNanos();
    T seen = look.get();
    Duration left = longest;
    Duration pause = first;
    while (!isShown.test(seen) && left.isPositive() && System.nanoTime() - end < 0) {
      Duration slice = shorter(pause, left);
      time.sleep(slice);
      left = left.minus(slice);
      pause = shorter(pause.multipliedBy(2), most);
      seen = look.get();
    }
    return seen;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
