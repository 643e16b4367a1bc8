package dev.portage.versioncopy;

import dev.portage.activity.Stubs;
import dev.portage.registry.RegistryActivities;
import dev.portage.registry.VersionOrder;
import dev.portage.settling.Look;
import dev.portage.settling.Settled;
import dev.portage.settling.Settling;

/**
 * A version that was made, and may be there twice.
 *
 * @param queue task queue of the workspace's workers
 * @param order how it was asked for
 */
public record VersionLook(String queue, VersionOrder order) implements Look {

  @Override
  public String key() {
    return order.key() + " version";
  }

  @Override
  public String what() {
    return "version of " + order.model();
  }

  @Override
  public String where() {
    return "workspace " + order.workspace();
  }

  @Override
  public Settled ask() {
    return Stubs.afterwards(
            RegistryActivities.class,
            queue,
            Settling.PATIENCE,
            "check for a second version of " + order.model() + "?")
        .removeVersionTwins(order);
  }
}
