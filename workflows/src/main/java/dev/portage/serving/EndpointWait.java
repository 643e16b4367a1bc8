package dev.portage.serving;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A wait until an endpoint serves what was ordered, and every version that gets traffic is ready.
 *
 * @param endpoint its name
 * @param model name of the model, as in its tag
 * @param wanted what it is to serve
 * @param added a version that has to be ready, with these settings, even while it gets no traffic;
 *     null for none
 * @param until when the wait ends without success
 * @param failedBefore an update that had failed before this one was ordered: the endpoint may still
 *     show it for a moment, but it says nothing about this one; null for none
 */
public record EndpointWait(
    String workspace,
    String endpoint,
    String model,
    EndpointConfig wanted,
    @Nullable NewVersion added,
    Instant until,
    @Nullable String failedBefore) {

  /** A wait for an endpoint whose last update, if any, did not fail. */
  public EndpointWait(
      String workspace,
      String endpoint,
      String model,
      EndpointConfig wanted,
      @Nullable NewVersion added,
      Instant until) {
    this(workspace, endpoint, model, wanted, added, until, null);
  }
}
