package dev.portage.versioncopy;

import dev.portage.duplicates.DuplicateCheck;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.duplicates.PossibleDuplicates;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.VersionOrder;

/**
 * A version that was created, and may exist twice.
 *
 * @param queue task queue of the workspace's workers
 * @param order the original order
 */
public record VersionDuplicateCheck(String queue, VersionOrder order) implements DuplicateCheck {

  @Override
  public String key() {
    return order.key() + " version";
  }

  @Override
  public String what() {
    return "version of " + order.model();
  }

  @Override
  public String workspace() {
    return order.workspace();
  }

  @Override
  public PossibleDuplicates of() {
    return PossibleDuplicates.of(order);
  }

  @Override
  public DuplicatesRemoved ask() {
    return removal(RegistryActivities.class).removeVersionTwins(order);
  }
}
