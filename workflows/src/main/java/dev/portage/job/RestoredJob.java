package dev.portage.job;

import dev.portage.live.SettingsRef;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The result of a {@link JobRestoreOrder}.
 *
 * @param outcome what happened
 * @param now the job as it is since, null for none
 * @param text one line for people
 * @param before the settings it had until then, stored before they were replaced; null where none
 *     were replaced
 * @param mayCome how long a second job, or a second copy of the stored settings, may still appear,
 *     since a call that was to create it got no response; null if none may
 */
public record RestoredJob(
    Outcome outcome,
    @Nullable JobState now,
    String text,
    @Nullable SettingsRef before,
    @Nullable Duration mayCome) {

  /** One whose settings were not replaced. */
  public RestoredJob(Outcome outcome, @Nullable JobState now, String text) {
    this(outcome, now, text, null, null);
  }

  /** The same, with the settings it had until then. */
  public RestoredJob replacing(SettingsRef before) {
    return new RestoredJob(outcome, now, text, before, mayCome);
  }

  /** The same, of which a second one may still appear. */
  public RestoredJob twinMayCome(@Nullable Duration within) {
    return new RestoredJob(outcome, now, text, before, within);
  }

  /** What became of it. */
  public enum Outcome {
    RESTORED,
    /** It already was in that state. */
    UNCHANGED,
    /** It was gone, and was created again. */
    CREATED_AGAIN
  }
}
