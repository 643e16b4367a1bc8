package dev.portage.serving;

/**
 * An order to store what an endpoint serves, so that it can be restored.
 *
 * @param endpoint its name
 * @param model name of the model, as in its tag
 * @param key stored under this key once
 */
public record EndpointCopy(String workspace, String endpoint, String model, String key) {}
