package dev.portage.localworkspace.jobs;

import org.jspecify.annotations.Nullable;

/**
 * A fault waiting for runs.
 *
 * @param run the run's name, where {@code *} stands for any characters
 * @param effect what goes wrong
 * @param times how many runs it strikes before it is spent; null for every run until it is taken
 *     away
 */
public record RunFault(String run, RunEffect effect, @Nullable Integer times) {
  /** Checks that the fault can strike. */
  public RunFault {
    if (times != null && times < 1) {
      throw new IllegalArgumentException(
          "times must be at least 1, or null for every run, not " + times);
    }
  }

  /** A fault of the next run only. */
  public static RunFault once(String run, RunEffect effect) {
    return new RunFault(run, effect, 1);
  }
}
