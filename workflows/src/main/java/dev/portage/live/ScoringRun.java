package dev.portage.live;

import dev.portage.job.JobChange;
import dev.portage.job.JobState;
import dev.portage.scoring.PredictionCount;
import dev.portage.step.Attempt;
import dev.portage.step.Made;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The part of a hop that changes the scoring job, runs it and checks its predictions. */
public interface ScoringRun {

  /**
   * Changes and runs it once.
   *
   * @param seen the job as read before, null for none
   * @param changed called with what became of the job, so that it can be restored
   * @throws dev.portage.step.StepFailure when the job failed or its predictions are not as they
   *     should be
   */
  Made<PredictionCount> score(
      Attempt attempt, @Nullable JobState seen, Consumer<JobChange> changed);
}
