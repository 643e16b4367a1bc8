package dev.portage.live;

import dev.portage.duplicates.DuplicateCheck;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.duplicates.PossibleDuplicates;
import dev.portage.serving.EndpointActivities;
import dev.portage.serving.EndpointCopies;

/**
 * What an endpoint serves was stored, and may have been twice: nothing would ever point at the
 * second.
 *
 * @param queue task queue of the workspace's workers
 * @param twins where it is stored
 */
public record EndpointDuplicateCheck(String queue, EndpointCopies twins) implements DuplicateCheck {

  @Override
  public String key() {
    return "endpoint " + twins.key();
  }

  @Override
  public String what() {
    return "record of endpoint " + twins.endpoint();
  }

  @Override
  public String workspace() {
    return twins.workspace();
  }

  @Override
  public PossibleDuplicates of() {
    return PossibleDuplicates.of(twins);
  }

  @Override
  public DuplicatesRemoved ask() {
    return removal(EndpointActivities.class).removeEndpointTwins(twins);
  }
}
