package dev.portage.versioncopy;

import dev.portage.copy.CopyActivities;
import dev.portage.copy.CopyDuplicates;
import dev.portage.duplicates.DuplicateCheck;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.duplicates.PossibleDuplicates;

/**
 * The run that a copy created, and may have created twice.
 *
 * @param queue task queue of the target's workers
 * @param twins the copy, and what is kept of it
 */
public record RunDuplicateCheck(String queue, CopyDuplicates twins) implements DuplicateCheck {

  @Override
  public String key() {
    return twins.order().key() + " run";
  }

  @Override
  public String what() {
    return "run of this copy";
  }

  @Override
  public String workspace() {
    return twins.order().target();
  }

  @Override
  public PossibleDuplicates of() {
    return PossibleDuplicates.of(twins);
  }

  @Override
  public DuplicatesRemoved ask() {
    return removal(CopyActivities.class).removeCopyTwins(twins);
  }
}
