package dev.portage.activity;

import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A failed change may still have been made: one attempt's response was lost, and a later attempt
 * was refused. So this checks before anything is restored.
 */
public final class LostAnswers {

  /** A request may still be carried out long after its sender has given up. */
  private static final Duration LATE = Duration.ofMinutes(1);

  /** The first pause between two tries: what failed sooner was tried once, and answered. */
  private static final Duration ONE_TRY = Duration.ofSeconds(1);

  private LostAnswers() {}

  /**
   * Whether there was more than one attempt, so that an earlier response may have been lost.
   *
   * @param began when it was first attempted, in milliseconds of the workflow's clock
   */
  public static boolean mayBeLost(long began) {
    return Workflow.currentTimeMillis() - began >= ONE_TRY.toMillis();
  }

  /**
   * Looks for what a failed change would have made, and once more where a late request may make it
   * yet. To be called where no cancel is heard.
   *
   * @param began when it was first tried, in milliseconds of the workflow's clock
   * @param look finds what it made
   * @return what it made, empty when it was not made
   * @throws io.temporal.failure.TemporalFailure if it can't be read
   */
  public static <T> Optional<T> lookFor(long began, Supplier<Optional<T>> look) {
    Optional<T> made = look.get();
    if (made.isPresent() || !mayBeLost(began)) {
      return made;
    }
    Workflow.newTimer(LATE, TimerOptions.newBuilder().setSummary("wait for a late request").build())
        .get();
    return look.get();
  }
}
