package dev.portage.serving;

/**
 * A query for an endpoint.
 *
 * @param endpoint its name
 * @param model name of the model, as in its tag
 */
public record EndpointQuery(String workspace, String endpoint, String model) {}
