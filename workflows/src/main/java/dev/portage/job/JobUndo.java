package dev.portage.job;

import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import org.jspecify.annotations.Nullable;

/**
 * Order to restore a job to what it was before a change.
 *
 * @param workspace where it lives
 * @param change what was done; undone only while the job is still as that change left it
 * @param grant the turn in hand, null from a writer that knows no numbers
 */
public record JobUndo(String workspace, JobChange change, @Nullable Grant grant)
    implements UnderTurn {

  /** An order from a holder without a numbered turn. */
  public JobUndo(String workspace, JobChange change) {
    this(workspace, change, null);
  }
}
