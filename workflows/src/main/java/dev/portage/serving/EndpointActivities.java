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
   * @throws io.temporal.failure.ApplicationFailure the user's if it is somebody else's
   */
  Optional<EndpointState> findEndpoint(EndpointQuery query);

  /** Stores all that an endpoint serves. Changes nothing. */
  StoredEndpoint storeEndpoint(EndpointCopy copy);

  /** Removes what was stored twice under one key, since a call got no response. */
  DuplicatesRemoved removeEndpointTwins(EndpointCopies twins);

  /**
   * Makes the endpoint serve what is wanted, as far as it accepts it: {@link #awaitEndpoint} waits
   * until it does. A repeat finds what is under way. If another change is under way, it fails and
   * is to be retried: an endpoint takes one at a time.
   */
  EndpointChanged changeEndpoint(EndpointOrder order);

  /** Waits, with heartbeats, until the change has ended. Changes nothing. */
  EndpointReady awaitEndpoint(EndpointWait wait);

  /** Sends requests of our own to a version, and reads the metrics where that is asked. */
  ProbeResult probe(ProbeOrder order);
}
