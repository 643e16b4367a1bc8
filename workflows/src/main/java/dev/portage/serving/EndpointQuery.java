package dev.portage.serving;

import org.jspecify.annotations.Nullable;

/**
 * A query for an endpoint.
 *
 * @param endpoint its name
 * @param model name of the model, as in its tag
 * @param registered full name of the registered model that is to be served from it: an endpoint
 *     that serves another one is refused. Null where any is fine, and from a writer that did not
 *     say
 */
public record EndpointQuery(
    String workspace, String endpoint, String model, @Nullable String registered) {

  /** A query for one that may serve any registered model. */
  public EndpointQuery(String workspace, String endpoint, String model) {
    this(workspace, endpoint, model, null);
  }
}
