package dev.portage.job;

import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import org.jspecify.annotations.Nullable;

/**
 * Order to put a job back to what it was before a change.
 *
 * @param workspace where it lives
 * @param change what was done; put back only while the job still is as that change left it
 * @param grant the turn in hand, null from a writer that knows no numbers
 */
public record JobUndo(String workspace, JobChange change, @Nullable Grant grant)
    implements UnderTurn {

  /** An order of somebody who holds no numbered turn. */
  public JobUndo(String workspace, JobChange change) {
    this(workspace, change, null);
  }
}
