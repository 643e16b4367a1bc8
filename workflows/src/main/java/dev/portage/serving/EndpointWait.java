package dev.portage.serving;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A wait until an endpoint serves what was ordered, and every version is ready that gets traffic.
 *
 * @param endpoint its name
 * @param model name of the model, as in its tag
 * @param wanted what it is to serve
 * @param added a version that has to be ready even while it gets no traffic, and that has to be
 *     served as this says; null for none
 * @param until after that it is waited for no more
 * @param failedBefore an update that had failed before this one was ordered, which may be shown for
 *     a moment still and says nothing about this one; null for none
 */
public record EndpointWait(
    String workspace,
    String endpoint,
    String model,
    EndpointConfig wanted,
    @Nullable NewVersion added,
    Instant until,
    @Nullable String failedBefore) {

  /** A wait at an endpoint whose last update, if any, did not fail. */
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
