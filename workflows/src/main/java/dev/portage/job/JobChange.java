package dev.portage.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portage.live.SettingsRef;
import org.jspecify.annotations.Nullable;

/**
 * What applying a {@link JobOrder} did, and what is needed to restore the job.
 *
 * @param now the job as it is since
 * @param effect what happened
 * @param previousHash hash of the settings before, null when there was no job
 * @param undoUri artifact that holds the settings before, null when there was no job
 * @param before the same artifact, with its hash; null when there was no job, or from a writer that
 *     did not say
 * @param settings artifact that holds the settings as they are since, with its hash; null from a
 *     writer that did not store them
 */
public record JobChange(
    JobState now,
    Effect effect,
    @Nullable String previousHash,
    @Nullable String undoUri,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SettingsRef before,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SettingsRef settings) {

  /** A change that does not say where full settings are stored. */
  public JobChange(
      JobState now, Effect effect, @Nullable String previousHash, @Nullable String undoUri) {
    this(now, effect, previousHash, undoUri, null, null);
  }

  /** The same, with where full settings are stored. */
  public JobChange with(@Nullable SettingsRef earlier, @Nullable SettingsRef current) {
    return new JobChange(now, effect, previousHash, undoUri, earlier, current);
  }

  /** The result of a change. */
  public enum Effect {
    CREATED,
    RESET,
    UNCHANGED,
    /** Nobody could look whether it was made. Its job is the one that was seen before, if any. */
    NOT_KNOWN
  }
}
