package dev.portage.identity;

/**
 * A person who had a hand in a change, and so may not approve it.
 *
 * @param hand which
 * @param name name or mail address as it was told
 */
public record Involved(Hand hand, String name) {

  /** What somebody did for a change. */
  public enum Hand {
    STARTED("started this promotion"),
    COMMITTED("made the commit"),
    TOOK_PART("had a hand in the commit"),
    TRAINED("trained the model"),
    SOURCE("had a hand in the commit that the model was trained from"),
    SINCE("had a hand in a commit since the one that is live"),
    NAMED("made the model, as who started this promotion says");

    private final String words;

    Hand(String words) {
      this.words = words;
    }

    /** Whether it is of the promotion and its own commit, and not of what it brings along. */
    public boolean isOfItsCommit() {
      return this == STARTED || this == COMMITTED || this == TOOK_PART;
    }

    /** What the person did, as the rest of a sentence that begins with the name. */
    public String words() {
      return words;
    }
  }
}
