package dev.portage.serving;

import java.time.Instant;

/**
 * A wait until an endpoint serves what was ordered, every version of it ready.
 *
 * @param endpoint its name
 * @param model name of the model, as in its tag
 * @param wanted what it is to serve
 * @param until after that it is waited for no more
 */
public record EndpointWait(
    String workspace, String endpoint, String model, EndpointConfig wanted, Instant until) {}
