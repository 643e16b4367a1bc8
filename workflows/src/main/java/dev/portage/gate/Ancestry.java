package dev.portage.gate;

/**
 * How the candidate's commit relates to the champion's.
 *
 * @param championCommit the commit that was compared with
 * @param relation how they relate
 */
public record Ancestry(String championCommit, Relation relation) {

  /** Seen from the candidate. */
  public enum Relation {
    SAME,
    NEWER,
    /** The candidate's commit is an ancestor of the champion's. */
    OLDER,
    DIVERGED
  }
}
