package dev.portage.job;

import org.jspecify.annotations.Nullable;

/**
 * What applying a {@link JobOrder} did, and what is needed to restore the job.
 *
 * @param now the job as it is since
 * @param effect what happened
 * @param previousHash hash of the settings before, null when there was no job
 * @param undoUri artifact that holds the settings before, null when there was no job
 */
public record JobChange(
    JobState now, Effect effect, @Nullable String previousHash, @Nullable String undoUri) {

  /** The result of a change. */
  public enum Effect {
    CREATED,
    RESET,
    UNCHANGED
  }
}
