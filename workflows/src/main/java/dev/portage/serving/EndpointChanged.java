package dev.portage.serving;

import org.jspecify.annotations.Nullable;

/**
 * The result of an order to change an endpoint.
 *
 * @param outcome what happened
 * @param config what it served before, or what was found instead
 * @param failedBefore which update of the endpoint had failed before, for {@link
 *     EndpointWait#failedBefore}; null for none, and where the workspace tells none apart
 */
public record EndpointChanged(
    Outcome outcome, EndpointConfig config, @Nullable String failedBefore) {

  /** The result for an endpoint whose last update, if any, did not fail. */
  public EndpointChanged(Outcome outcome, EndpointConfig config) {
    this(outcome, config, null);
  }

  /** What became of it. */
  public enum Outcome {
    /** The endpoint accepted it. */
    SENT,
    /** The endpoint already serves what was ordered, or is being changed to it. */
    UNCHANGED,
    /** The endpoint serves something that the order did not expect, so nothing was sent. */
    FOUND_OTHER
  }
}
