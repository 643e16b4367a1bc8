package dev.portage.live;

/**
 * The result of undoing a change.
 *
 * @param outcome what happened
 * @param text one line for people
 */
public record Undone(Outcome outcome, String text) {

  /** What became of it. */
  public enum Outcome {
    /** It is as before. */
    PUT_BACK,
    /** Something else than what the hop made was found, so it was left as it is. */
    FOUND_OTHER
  }
}
