package dev.portage.localworkspace.jobs;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What goes wrong with a run. */
public sealed interface RunEffect {

  /** The run ends so, and its code is never run. */
  record Ends(Ending ending) implements RunEffect {
    /** The usual end with that result: FAILED, TIMEDOUT, CANCELED and so on. */
    public static Ends with(RunResult result) {
      return new Ends(
          switch (result) {
            case SUCCESS -> Ending.success();
            case FAILED -> Ending.workloadFailed();
            case TIMEDOUT -> Ending.timedOut(1);
            case CANCELED -> Ending.cancelled("fault@example.com");
            case MAXIMUM_CONCURRENT_RUNS_REACHED -> Ending.tooManyRuns(1);
            case UPSTREAM_FAILED -> Ending.upstream(Ending.workloadFailed());
            case UPSTREAM_CANCELED -> Ending.upstream(Ending.cancelled("fault@example.com"));
            case EXCLUDED ->
                new Ending(
                    LifeCycle.SKIPPED,
                    result,
                    TerminationCode.SKIPPED,
                    "The run was excluded.",
                    false);
            case SUCCESS_WITH_FAILURES ->
                new Ending(
                    LifeCycle.TERMINATED, result, TerminationCode.SUCCESS_WITH_FAILURES, "", false);
          });
    }

    /** The end of a run whose machine went away: INTERNAL_ERROR. */
    public static Ends internalError() {
      return new Ends(
          Ending.notStarted(TerminationCode.DRIVER_ERROR, "The driver of the cluster was lost."));
    }

    /** A run that is skipped, without a result. */
    public static Ends skipped() {
      return new Ends(
          new Ending(
              LifeCycle.SKIPPED, null, TerminationCode.SKIPPED, "The run was skipped.", false));
    }
  }

  /** The run stays PENDING for so long before it begins. */
  record StartsLate(Duration delay) implements RunEffect {}

  /**
   * For this long after its start, the run shows this state, whatever it is doing.
   *
   * @param word a life-cycle state, perhaps one that no client knows; null for no state at all
   */
  record Shows(@Nullable String word, Duration duration) implements RunEffect {}
}
