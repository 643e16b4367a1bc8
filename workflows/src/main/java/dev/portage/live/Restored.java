package dev.portage.live;

/**
 * The result of restoring a live thing.
 *
 * @param outcome what happened
 * @param now how it is since
 * @param text one line for people: what was done, or what a person has to look at
 */
public record Restored(Outcome outcome, LiveState now, String text) {

  /** What became of it. */
  public enum Outcome {
    RESTORED,
    /** It already was in that state. */
    UNCHANGED,
    /** It was gone, and was created again. */
    CREATED_AGAIN
  }
}
