package dev.portage.tracking;

import io.temporal.activity.ActivityInterface;

/** Runs of a workspace's MLflow tracking server. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface TrackingActivities {

  /**
   * Finds the one run with a model: the given id, else what the {@link ExitValue} names, else the
   * one run that is not nested, has a model and has the job run's MLflow tags. None or several is a
   * user error that lists them.
   */
  TrainedRun findRun(RunSearch search);

  /** Writes tags on a run; repeating is harmless. */
  void labelRun(RunLabels labels);
}
