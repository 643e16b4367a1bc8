package dev.portage.serving;

import dev.portage.duplicates.DuplicatesRemoved;
import io.temporal.activity.ActivityInterface;
import java.util.Optional;

/** Serving endpoints of a workspace. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface EndpointActivities {

  /**
   * An endpoint as it is; empty where there is none.
   *
   * @throws io.temporal.failure.ApplicationFailure of the user's kind if it belongs to no promotion
   *     of this model
   */
  Optional<EndpointState> findEndpoint(EndpointQuery query);

  /** Stores all that an endpoint serves. Changes nothing. */
  StoredEndpoint storeEndpoint(EndpointCopy copy);

  /** Removes second copies that were stored under one key, since a call got no response. */
  DuplicatesRemoved removeEndpointTwins(EndpointCopies twins);

  /**
   * Orders the endpoint to serve what is wanted; {@link #awaitEndpoint} waits until it does. A
   * repeat finds the first order done or under way. An endpoint takes one change at a time, so this
   * fails with a failure that is retried while another one is under way.
   */
  EndpointChanged changeEndpoint(EndpointOrder order);

  /** Waits, with heartbeats, until the change has ended. Changes nothing. */
  EndpointReady awaitEndpoint(EndpointWait wait);

  /** Sends Portage's own requests to a version, and reads the metrics if the order says so. */
  ProbeResult probe(ProbeOrder order);
}
