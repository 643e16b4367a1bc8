package dev.portage.live;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The result of restoring a live thing.
 *
 * @param outcome what happened
 * @param now how it is since
 * @param text one line for people: what was done, or what a person has to look at
 * @param before its full settings until then, stored before they were replaced, by which it can be
 *     put back; null where none were
 * @param mayCome how long a duplicate of what was created may still appear, since a call got no
 *     response; null if none may
 */
public record Restored(
    Outcome outcome,
    LiveState now,
    String text,
    @Nullable SettingsRef before,
    @Nullable Duration mayCome) {

  /** One that needs no settings to be put back, or was not changed. */
  public Restored(Outcome outcome, LiveState now, String text) {
    this(outcome, now, text, null, null);
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
