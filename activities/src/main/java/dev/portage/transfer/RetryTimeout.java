package dev.portage.transfer;

import dev.portage.failure.Failures;
import dev.portage.store.Parallel;
import dev.portage.store.Retry;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long temporary failures are retried: until nothing of the same work has succeeded for a
 * while. A thousand files would use up any number of retries on a bad day, when each fails now and
 * then and all get through. Once this gives up, Temporal retries the activity.
 */
final class RetryTimeout {
  /** Without anything that gets through. */
  static final Duration STANDARD = Duration.ofMinutes(1);

  /** After the first retry, which is immediate. Doubles with further failures. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final long longest;
  private final LongSupplier nanos;
  private volatile long lastProgress;
  private volatile @Nullable RuntimeException givenUp;

  /**
   * For one piece of work.
   *
   * @param longest how long to go on while nothing succeeds; zero for no retries
   */
  RetryTimeout(Duration longest) {
    this(longest, System::nanoTime);
  }

  RetryTimeout(Duration longest, LongSupplier nanos) {
    this.longest = longest.toNanos();
    this.nanos = nanos;
    this.lastProgress = nanos.getAsLong();
  }

  /** Something got through. */
  void progress() {
    lastProgress = nanos.getAsLong();
  }

  /** Makes an idempotent call, and retries it as long as that makes sense. */
  <T> T call(Supplier<T> question) {
    Streak streak = streak();
    while (true) {
      try {
        T answer = question.get();
        progress();
        return answer;
      } catch (ApplicationFailure failure) {
        streak.after(failure);
      }
    }
  }

  /** As {@link #call}, for what answers nothing. */
  void run(Runnable work) {
    this.<Boolean>call(() -> {
      work.run();
      return true;
    });
  }

  /** For one thing that is tried. */
  Streak streak() {
    return new Streak();
  }

  /** Failures of one thing that follow each other. */
  final class Streak implements Retry {
    private int failures;
    private long first;
    private Duration wanted = Duration.ZERO;

    private Streak() {}

    /**
     * It failed. Returns when it should be retried.
     *
     * @throws ApplicationFailure this very failure, when it is not to be tried again
     */
    void failed(ApplicationFailure failure) {
      long now = nanos.getAsLong();
      first = failures++ == 0 ? now : first;
      wanted = Objects.requireNonNullElse(failure.getNextRetryDelay(), Duration.ZERO);
      long since = now - first < now - lastProgress ? first : lastProgress;
      if (failure.isNonRetryable()
          || Thread.currentThread().isInterrupted()
          || failure.equals(givenUp)
          || now - since >= longest
          || wanted.compareTo(Concurrency.LONGEST_PAUSE) > 0) {
        givenUp = failure;
        throw failure;
      }
    }

    /** It failed. Waits before it is to be tried again. */
    @Override
    public void after(ApplicationFailure failure) {
      failed(failure);
      pause();
    }

    /**
     * Waits before the next try: longer with each failure, and no shorter than the server asked
     * for.
     */
    void pause() {
      Duration pause = pauseBefore();
      if (pause.isPositive()) {
        sleep(pause);
      }
    }

    /** How long {@link #pause} waits now; zero for not at all. */
    Duration pauseBefore() {
      Duration own =
          failures > 1 ? PAUSE.multipliedBy(1L << Math.min(failures, 10)) : Duration.ZERO;
      own = own.compareTo(LONGEST_PAUSE) < 0 ? own : LONGEST_PAUSE;
      return own.compareTo(wanted) > 0 ? own : wanted;
    }
  }

  /** Whether a server says that it has too much to do. */
  static boolean isBusy(ApplicationFailure failure) {
    Integer status = Failures.statusOf(failure);
    return status != null && (status == 429 || status == 503);
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Parallel.stopping();
    }
  }
}
