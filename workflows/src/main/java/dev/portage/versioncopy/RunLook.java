package dev.portage.versioncopy;

import dev.portage.activity.Stubs;
import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyTwins;
import dev.portage.settling.Look;
import dev.portage.settling.Settled;
import dev.portage.settling.Settling;

/**
 * The run that a copy made, and may have made twice.
 *
 * @param queue task queue of the target's workers
 * @param twins the copy, and what stays of it
 */
public record RunLook(String queue, CopyTwins twins) implements Look {

  @Override
  public String key() {
    return twins.order().key() + " run";
  }

  @Override
  public String what() {
    return "run of this copy";
  }

  @Override
  public String where() {
    return "workspace " + twins.order().target();
  }

  @Override
  public Settled ask() {
    return Stubs.afterwards(
            CopyActivities.class, queue, Settling.PATIENCE, "check for a second run")
        .removeCopyTwins(twins);
  }
}
