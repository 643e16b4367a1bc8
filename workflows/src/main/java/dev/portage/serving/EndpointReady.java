package dev.portage.serving;

import org.jspecify.annotations.Nullable;

/**
 * How a change of an endpoint ended.
 *
 * @param state the endpoint after it
 * @param failed why it failed, with what the logs say; null if every version that has to be ready
 *     is
 * @param resting which versions without traffic are not ready, in a few words; null for none
 */
public record EndpointReady(
    EndpointState state, @Nullable String failed, @Nullable String resting) {

  /** One without versions at rest that are not ready. */
  public EndpointReady(EndpointState state, @Nullable String failed) {
    this(state, failed, null);
  }
}
