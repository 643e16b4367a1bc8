package dev.portage.serving;

import org.jspecify.annotations.Nullable;

/**
 * How a change of an endpoint ended.
 *
 * @param state the endpoint since
 * @param failed why it failed, with what the logs say; null where all versions are ready
 */
public record EndpointReady(EndpointState state, @Nullable String failed) {}
