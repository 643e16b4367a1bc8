package dev.portage.localworkspace.git;

/**
 * Where a run's code comes from.
 *
 * @param url a {@code file:}, {@code http:} or {@code https:} URL
 * @param kind what {@code reference} names
 * @param reference a commit in full, a tag, or a branch
 */
public record GitSource(String url, Kind kind, String reference) {
  /** What a reference names. */
  public enum Kind {
    /** A commit, in full. */
    COMMIT,
    /** A tag. */
    TAG,
    /** A branch, at its state when the run begins. */
    BRANCH
  }
}
