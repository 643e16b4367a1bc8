package dev.portage.localworkspace.serving;

/**
 * Why a version is not served.
 *
 * @param reason in words, for people
 */
public record Failure(Kind kind, String reason) {
  /** At which point it ended. */
  public enum Kind {
    /** Its files or packages could not be had. */
    BUILD,
    /** Its server did not load it. */
    LOAD,
    /** It was not ready in time. */
    TIMEOUT,
    /** Nobody wanted it any more. */
    DROPPED
  }
}
