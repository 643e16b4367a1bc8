package dev.portage.promotion;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.job.NotebookOrder;
import dev.portage.job.RunRef;
import dev.portage.job.RunResult;
import dev.portage.job.Source;
import dev.portage.job.TeamJobRunOrder;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.ScoringValues;
import dev.portage.settings.Station;
import dev.portage.settings.Work;
import dev.portage.step.StepFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Starts runs of what scores in production, in the first workspace. */
final class RehearsalScoring {

  private final Journey journey;
  private final Station origin;
  private final BatchSettings batch;

  RehearsalScoring(Journey journey, Station origin, BatchSettings batch) {
    this.journey = journey;
    this.origin = origin;
    this.batch = batch;
  }

  /**
   * Runs what scores, and waits for it.
   *
   * @param what for people
   * @param key of the run
   * @param values of the parameters that scoring gets, as far as it declares them
   * @throws NotStarted if the workspace takes no such run
   * @throws EndedRun if it failed
   */
  RunResult score(String what, String key, Map<String, String> values) {
    NotebookRuns runs = NotebookRuns.leavingNone(journey, StepNames.REHEARSE, origin);
    Map<String, String> parameters =
        ScoringValues.parameters(batch.scoring(), batch.parameters(), values);
    if (batch.scoring() instanceof Work.Job job) {
      TeamJobRunOrder order =
          new TeamJobRunOrder(
              origin.workspace(),
              job.job(),
              key,
              job.parameters(),
              parameters,
              null,
              List.of("table"));
      return started(
          noted -> runs.runTheirs(what, jobs -> noted.note(jobs.runTheirJob(order)), job));
    }
    Source source = journey.source(StepNames.REHEARSE, batch.scoring().named(), origin);
    Work work = ScoringValues.withArguments(batch.scoring(), values).with(parameters);
    NotebookOrder order =
        NotebookOrder.of(
            origin.workspace(),
            key,
            journey.start().model() + " " + StepNames.REHEARSE,
            source,
            work,
            journey.tags());
    return started(noted ->
        runs.run(what, jobs -> noted.note(jobs.submitNotebook(order)), work, source.commit()));
  }

  /** That the workspace refuses to start it says nothing of the code. */
  private RunResult started(Function<Started, RunResult> run) {
    Started started = new Started();
    try {
      return run.apply(started);
    } catch (StepFailure failure) {
      if (!started.came && failure.problem().kind() == FailureKind.USER) {
        throw new NotStarted(failure.problem());
      }
      throw failure;
    } catch (TemporalFailure failure) {
      CancellationScope.throwCanceled();
      Problem problem =
          Failures.problemOf(failure, "rehearse scoring", "workspace " + origin.workspace());
      if (!started.came && problem.kind() == FailureKind.USER) {
        throw new NotStarted(problem);
      }
      throw failure;
    }
  }

  /** Whether a run is there, so that what fails later is no refusal to start it. */
  private static final class Started {
    private boolean came;

    RunRef note(RunRef run) {
      came = true;
      return run;
    }
  }

  /** The workspace takes no such run. */
  static final class NotStarted extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Problem problem;

    NotStarted(Problem problem) {
      super(problem.message());
      this.problem = problem;
    }
  }
}
