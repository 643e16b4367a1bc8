package dev.portage.text;

/**
 * A passage of a text of several lines, and what may be left out of it where there is little room.
 *
 * @param text with its own line breaks
 */
public record Passage(String text, Cut cut) {

  /** What may be left out. */
  public enum Cut {
    /** Nothing: people need it to act. */
    NOTHING,
    /** Its middle: it says at the beginning what it is, and at the end where it comes from. */
    MIDDLE,
    /** Its first lines. */
    FIRST_LINES,
    /** All of it, but no part. */
    ALL
  }
}
