package dev.portage.job;

/**
 * The result of a restore.
 *
 * @param outcome what happened
 * @param text one line for people
 */
public record UndoResult(Outcome outcome, String text) {

  /** What became of it. */
  public enum Outcome {
    PUT_BACK,
    /** It already was as before. */
    NOTHING_TO_DO,
    /** Someone else has changed it since: a person has to look. */
    CHANGED_SINCE
  }
}
