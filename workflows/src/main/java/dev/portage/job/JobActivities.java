package dev.portage.job;

import dev.portage.duplicates.DuplicatesRemoved;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import java.util.Optional;

/**
 * Jobs of a workspace. Each is on task queue {@code portage/<workspace>}. Failures carry a {@link
 * dev.portage.failure.Problem}.
 */
@ActivityInterface
public interface JobActivities {

  /** Starts a notebook, script or wheel, or finds the run that the same key started. */
  RunRef submitNotebook(NotebookOrder order);

  /** Waits until a run has ended, with heartbeats; an unknown state means "ask again". */
  RunResult awaitRun(RunRef run);

  /** Ends a run, unless it has already ended; repeating is harmless. Returns how it ended. */
  RunResult cancelRun(RunRef run);

  /**
   * Runs a job of the team's, or finds the run that the same key started. That there is no such job
   * or that two have its name is a user error.
   */
  RunRef runTheirJob(TeamJobRunOrder order);

  /** The job of that name and model, if there is one; or that of the team's. */
  Optional<JobState> findJob(JobQuery query);

  /** What {@link #applyJob} would change in the job's settings. Changes nothing. */
  JobPreview previewJob(JobOrder order);

  /**
   * Creates the job or resets it to the order; leaves exactly one. The settings before go to an
   * artifact.
   */
  JobChange applyJob(JobOrder order);

  /** Unfinished runs of the job that another promotion started. */
  List<OthersRun> othersRuns(OthersQuery query);

  /** Runs the job, or finds the run that the same key started. */
  RunRef runJob(ScoringRunOrder order);

  /**
   * Removes what a promotion created twice: jobs in addition to the one in use, and stored
   * settings. Touches no job of another promotion or person.
   */
  DuplicatesRemoved removeJobTwins(JobDuplicates twins);

  /**
   * Lets a job that was paused by its reset start by itself again, as it did before. Repeating is
   * harmless.
   */
  UndoResult resumeJob(JobResume order);

  /** Puts the job back to what it was, if it still is what the change made of it. */
  UndoResult undoJob(JobUndo undo);

  /**
   * Puts the job into a recorded state, whatever it is now, and creates it again if it is gone. A
   * repeat changes nothing. A user error where its settings were not stored, or are not what was
   * stored.
   */
  RestoredJob restoreJob(JobRestoreOrder order);
}
