package dev.portage.adopt;

import io.temporal.activity.ActivityInterface;

/** Endpoints that nobody promoted. On task queue {@code portage/<workspace>}. */
@ActivityInterface
public interface AdoptEndpointActivities {

  /**
   * The endpoint as it is. Changes nothing. That there is none, that it serves anything but
   * versions of this model, that it is being changed or is not ready, or that it is the endpoint of
   * another model or workspace is a user error.
   */
  AdoptedEndpoint findEndpointToAdopt(AdoptEndpointOrder order);

  /** The same, with all that it serves stored. */
  AdoptedEndpoint storeEndpointToAdopt(AdoptEndpointOrder order);

  /** Tags the endpoint as the model's; nothing else of it changes. A repeat changes nothing. */
  AdoptedEndpoint tagEndpoint(AdoptEndpointOrder order);

  /**
   * Takes the tags away again that {@link #tagEndpoint} set. One that is gone, that is another
   * model's by now or that a promotion has changed stays as it is. A repeat changes nothing.
   */
  void untagEndpoint(AdoptEndpointOrder order);
}
