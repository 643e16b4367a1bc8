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

  /**
   * Gives a model without a run one that stands for it, in the model's experiment: there the
   * manifest is kept and lineage begins. It carries the params, metrics and tags of the logged
   * model, and says that Portage made it. Of one model there is one, however often it is asked for.
   *
   * @return the same with the run; as given if there is a run already
   */
  TrainedRun standIn(TrainedRun trained);

  /** Writes tags on a run; repeating is harmless. */
  void labelRun(RunLabels labels);
}
