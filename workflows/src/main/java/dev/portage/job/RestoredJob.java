package dev.portage.job;

import org.jspecify.annotations.Nullable;

/**
 * The result of a {@link JobRestoreOrder}.
 *
 * @param outcome what happened
 * @param now the job as it is since, null for none
 * @param text one line for people
 */
public record RestoredJob(Outcome outcome, @Nullable JobState now, String text) {

  /** What became of it. */
  public enum Outcome {
    RESTORED,
    /** It already was in that state. */
    UNCHANGED,
    /** It was gone, and was created again. */
    CREATED_AGAIN
  }
}
