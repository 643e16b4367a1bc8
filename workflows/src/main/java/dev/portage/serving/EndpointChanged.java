package dev.portage.serving;

/**
 * What became of an order.
 *
 * @param outcome what happened
 * @param config what it served before, or what was found instead
 */
public record EndpointChanged(Outcome outcome, EndpointConfig config) {

  /** What became of it. */
  public enum Outcome {
    /** The endpoint accepted it. */
    SENT,
    /** It already was so, or is being changed to it. */
    UNCHANGED,
    /** It serves what nobody expected: nothing was sent. */
    FOUND_OTHER
  }
}
