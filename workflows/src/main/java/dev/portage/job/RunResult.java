package dev.portage.job;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended. Only {@link Ending#SUCCESS} is success.
 *
 * @param run the run
 * @param ending what the workspace says, reduced to what decides
 * @param state the workspace's own words, such as "TERMINATED/FAILED: Workload failed"
 * @param exitValue what the notebook gave to {@code dbutils.notebook.exit}, null without; never
 *     longer than 64 KiB: a longer one is reduced to what it names, or cut
 * @param error message of the failed cell, null without
 * @param trace last lines of the failed cell's trace; empty without
 * @param usedCommit commit that the workspace says it checked out, null when it does not say
 * @param page where people see the run, null when the workspace does not say
 */
public record RunResult(
    RunRef run,
    Ending ending,
    String state,
    @Nullable String exitValue,
    @Nullable String error,
    List<String> trace,
    @Nullable String usedCommit,
    @Nullable URI page) {

  /** The endings that make a difference. */
  public enum Ending {
    SUCCESS,
    FAILED,
    TIMED_OUT,
    CANCELLED,
    /** Skipped, or refused since too many runs were under way. */
    NOT_RUN,
    /** The workspace's own fault: INTERNAL_ERROR, unless it names the job as the cause. */
    PLATFORM
  }

  public RunResult {
    trace = List.copyOf(trace);
  }
}
