package dev.portage.identity;

/**
 * A person who had a hand in a change, and so may not approve it.
 *
 * @param hand which
 * @param name name or mail address as given
 */
public record Involved(Hand hand, String name) {

  /** What someone did for a change. */
  public enum Hand {
    STARTED("started this promotion"),
    ROLLS_BACK("started this rollback"),
    COMMITTED("made the commit"),
    TOOK_PART("worked on the commit"),
    TRAINED("trained the model"),
    SOURCE("worked on the commit that the model was trained from"),
    SINCE("worked on a commit since the live one"),
    NAMED("made the model (as the person who started this promotion says)");

    private final String words;

    Hand(String words) {
      this.words = words;
    }

    /** Whether it is of the promotion and its own commit, and not of what it brings along. */
    public boolean isOfItsCommit() {
      return this == STARTED || this == ROLLS_BACK || this == COMMITTED || this == TOOK_PART;
    }

    /** What the person did, as the rest of a sentence that begins with the name. */
    public String words() {
      return words;
    }
  }
}
