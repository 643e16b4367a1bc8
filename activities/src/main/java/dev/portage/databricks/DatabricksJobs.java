package dev.portage.databricks;

import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.job.JobActivities;
import dev.portage.job.JobChange;
import dev.portage.job.JobDuplicates;
import dev.portage.job.JobOrder;
import dev.portage.job.JobPreview;
import dev.portage.job.JobQuery;
import dev.portage.job.JobRestoreOrder;
import dev.portage.job.JobResume;
import dev.portage.job.JobState;
import dev.portage.job.JobUndo;
import dev.portage.job.NotebookOrder;
import dev.portage.job.OthersQuery;
import dev.portage.job.OthersRun;
import dev.portage.job.RestoredJob;
import dev.portage.job.RunRef;
import dev.portage.job.RunResult;
import dev.portage.job.ScoringRunOrder;
import dev.portage.job.TeamJobRunOrder;
import dev.portage.job.UndoResult;
import java.util.List;
import java.util.Optional;

/**
 * Jobs of Databricks workspaces, through the Jobs API 2.2.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs">Jobs API</a>
 */
public final class DatabricksJobs implements JobActivities {
  private final RunStarts starts;
  private final RunWatch watch;
  private final BatchJobs jobs;
  private final JobUndoing undoing;
  private final OthersRuns others;
  private final JobRestoring restoring;

  /**
   * Jobs of these workspaces.
   *
   * @param undoStore keeps the settings of jobs before they are changed
   * @param waiting {@link ActivityWait#ofActivity()}, but for tests
   */
  public DatabricksJobs(DatabricksClients clients, UndoStore undoStore, ActivityWait waiting) {
    this(clients, undoStore, waiting, MadeBefore.ofActivity());
  }

  /**
   * Jobs of these workspaces.
   *
   * @param before what an attempt knows of those before it
   */
  DatabricksJobs(
      DatabricksClients clients, UndoStore undoStore, ActivityWait waiting, MadeBefore before) {
    this.starts = new RunStarts(clients);
    this.watch = new RunWatch(clients, waiting, before::asked);
    JobCreation creation = new JobCreation(waiting, before);
    this.jobs = new BatchJobs(clients, undoStore, waiting, creation);
    this.others = new OthersRuns(clients);
    this.undoing = new JobUndoing(clients, undoStore, waiting);
    this.restoring = new JobRestoring(clients, undoStore, waiting, before, creation);
  }

  @Override
  public RunRef submitNotebook(NotebookOrder order) {
    return starts.submit(order);
  }

  @Override
  public RunResult awaitRun(RunRef run) {
    return watch.await(run);
  }

  @Override
  public RunResult cancelRun(RunRef run) {
    return watch.cancel(run);
  }

  @Override
  public Optional<JobState> findJob(JobQuery query) {
    return jobs.find(query);
  }

  @Override
  public JobPreview previewJob(JobOrder order) {
    return jobs.preview(order);
  }

  @Override
  public JobChange applyJob(JobOrder order) {
    return jobs.apply(order);
  }

  @Override
  public DuplicatesRemoved removeJobTwins(JobDuplicates twins) {
    return jobs.twins(twins);
  }

  @Override
  public List<OthersRun> othersRuns(OthersQuery query) {
    return others.of(query);
  }

  @Override
  public RunRef runJob(ScoringRunOrder order) {
    return starts.run(order);
  }

  @Override
  public RunRef runTheirJob(TeamJobRunOrder order) {
    return starts.run(order);
  }

  @Override
  public RestoredJob restoreJob(JobRestoreOrder order) {
    return restoring.restore(order);
  }

  @Override
  public UndoResult resumeJob(JobResume order) {
    return jobs.resume(order);
  }

  @Override
  public UndoResult undoJob(JobUndo undo) {
    return undoing.undo(undo);
  }
}
