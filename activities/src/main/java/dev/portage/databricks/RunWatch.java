package dev.portage.databricks;

import com.databricks.sdk.service.jobs.CancelRun;
import com.databricks.sdk.service.jobs.GetRunRequest;
import com.databricks.sdk.service.jobs.Run;
import com.databricks.sdk.service.jobs.RunOutput;
import com.databricks.sdk.service.jobs.RunTask;
import dev.portage.attempt.AttemptAge;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.HttpAnswer;
import dev.portage.job.RunRef;
import dev.portage.job.RunResult;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for runs to end, and ends them. A failed poll ends the attempt: Temporal makes the next
 * one, which reads the run's current state.
 */
final class RunWatch {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /**
   * How long a run that was just started may not be shown yet, over all attempts. Afterwards it was
   * deleted, or never was.
   */
  private static final Duration SHOWN_BY = Duration.ofMinutes(1);

  /** Within the 30 seconds of one short activity; Temporal retries, and the retry polls first. */
  private static final Duration CANCEL_LIMIT = Duration.ofSeconds(15);

  /** How often to poll an ended run whose result is missing or unknown. */
  private static final int ASKED_FOR_RESULT = 6;

  private final DatabricksClients clients;
  private final ActivityWait waiting;
  private final Supplier<AttemptAge> asked;

  /**
   * @param asked how long the activity has been scheduled, over all attempts
   */
  RunWatch(DatabricksClients clients, ActivityWait waiting, Supplier<AttemptAge> asked) {
    this.clients = clients;
    this.waiting = waiting;
    this.asked = asked;
  }

  /** Waits until the run has ended. A state that is missing or not known means "ask again". */
  RunResult await(RunRef ref) {
    DatabricksApi api = clients.of(ref.workspace());
    String tried = "wait for run " + ref.runId();
    Polls polls = new Polls(ref, tried, null);
    Run run = polls.untilEnded(api);
    return polls.result(api, run);
  }

  /** Ends the run, unless it has already ended. */
  RunResult cancel(RunRef ref) {
    DatabricksApi api = clients.of(ref.workspace());
    String tried = "cancel run " + ref.runId();
    Polls polls = new Polls(ref, tried, waiting.now().plus(CANCEL_LIMIT));
    Run run = polls.once(api);
    if (!RunStates.hasEnded(run)) {
      order(api, tried, ref, run, polls);
      run = polls.untilEnded(api);
    }
    return polls.result(api, run);
  }

  /** Once: a retry finds a run that is ending and awaits that. */
  private static void order(DatabricksApi api, String tried, RunRef ref, Run run, Polls polls) {
    if (!RunStates.isEnding(run)) {
      try {
        api.call(tried, () -> api.jobs().cancelRun(new CancelRun().setRunId(ref.runId())));
      } catch (ApplicationFailure failure) {
        // Refused because it ended between the question and the order.
        if (!RunStates.hasEnded(polls.once(api))) {
          throw failure;
        }
      }
    }
  }

  /** The page of a run, null when the workspace does not say it now: nothing depends on it. */
  static @Nullable String page(DatabricksApi api, long runId) {
    try {
      return api.ask(
              "read run " + runId, () -> api.jobs().getRun(new GetRunRequest().setRunId(runId)))
          .getRunPageUrl();
    } catch (ApplicationFailure _) {
      return null;
    }
  }

  /** The polls of one wait. */
  private final class Polls {
    private final RunRef ref;
    private final String tried;
    private final @Nullable Instant limit;
    private Duration pause = FIRST_PAUSE;
    private boolean seen;
    private int withoutResult;

    Polls(RunRef ref, String tried, @Nullable Instant limit) {
      this.ref = ref;
      this.tried = tried;
      this.limit = limit;
    }

    Run untilEnded(DatabricksApi api) {
      while (true) {
        Run run = once(api);
        if (RunStates.hasEnded(run)
            && (RunStates.hasKnownResult(run) || ++withoutResult >= ASKED_FOR_RESULT)) {
          return run;
        }
        String state = RunStates.words(run);
        if (limit != null && waiting.now().isAfter(limit)) {
          throw Failures.of(
              Problem.of(
                  FailureKind.PLATFORM,
                  tried,
                  "workspace " + ref.workspace(),
                  "it is still " + state,
                  "Portage retries; if it persists, stop the run on its page."));
        }
        grow(state);
      }
    }

    Run once(DatabricksApi api) {
      Run run = api.askOr(tried, () -> api.jobs().getRun(request()), this::notShownYet);
      seen = true;
      return run;
    }

    /** With its history, which shows which task runs a repair replaced. */
    private GetRunRequest request() {
      return new GetRunRequest().setRunId(ref.runId()).setIncludeHistory(true);
    }

    /** Only a run that was never seen may still be on its way. */
    private Optional<Run> notShownYet(HttpAnswer answer, Supplier<ApplicationFailure> failure) {
      if (!seen && DatabricksErrors.isNotThere(answer) && isNew()) {
        throw Failures.of(
            Problem.of(
                FailureKind.PLATFORM,
                tried,
                "workspace " + ref.workspace(),
                "the run is not visible yet: " + answer.message(),
                "Portage retries."));
      }
      return Optional.empty();
    }

    private boolean isNew() {
      return asked.get().since().compareTo(SHOWN_BY) < 0;
    }

    RunResult result(DatabricksApi api, Run ended) {
      Run run = whole(api, ended);
      RunReader reader = new RunReader(ref, run);
      RunOutput runOutput = null;
      for (Long task : reader.outputRuns()) {
        // The call before may have taken its whole time, and this one may too.
        waiting.beat("run " + ref.runId() + ": " + RunStates.words(run));
        RunOutput output = RunReader.output(api, tried, task);
        runOutput = runOutput == null ? output : runOutput;
        if (RunReader.namesSomething(output)) {
          runOutput = output;
          break;
        }
      }
      return reader.result(runOutput);
    }

    /** A run with more than a hundred tasks is returned in pages. */
    private Run whole(DatabricksApi api, Run run) {
      List<RunTask> tasks = new ArrayList<>(run.getTasks() == null ? List.of() : run.getTasks());
      String next = run.getNextPageToken();
      while (next != null && !next.isEmpty()) {
        String token = next;
        waiting.beat("run " + ref.runId() + ": " + RunStates.words(run));
        Run page = api.ask(tried, () -> api.jobs().getRun(request().setPageToken(token)));
        if (page.getTasks() != null) {
          tasks.addAll(page.getTasks());
        }
        next = token.equals(page.getNextPageToken()) ? null : page.getNextPageToken();
      }
      return tasks.isEmpty() ? run : run.setTasks(tasks);
    }

    private void grow(String detail) {
      waiting.pause(pause, "run " + ref.runId() + ": " + detail);
      Duration longer = pause.multipliedBy(3).dividedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }
  }
}
