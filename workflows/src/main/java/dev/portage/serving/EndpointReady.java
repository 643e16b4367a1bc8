package dev.portage.serving;

import org.jspecify.annotations.Nullable;

/**
 * How a change of an endpoint ended.
 *
 * @param state the endpoint since
 * @param failed why it failed, with what the logs say; null where all versions are ready that have
 *     to be
 * @param resting which versions without traffic are not ready, in a few words; null for none
 */
public record EndpointReady(
    EndpointState state, @Nullable String failed, @Nullable String resting) {

  /** One of which no version at rest is worth a word. */
  public EndpointReady(EndpointState state, @Nullable String failed) {
    this(state, failed, null);
  }
}
