package dev.portage.scoring;

import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import org.jspecify.annotations.Nullable;

/**
 * Order to make a batch visible that was written into a table of its own and was checked.
 *
 * @param workspace where both tables are
 * @param live full name of the table that readers see; it is made where there is none
 * @param staging full name of the table that holds the batch
 * @param batchId the batch: its rows take the place of those of the same batch
 * @param turn number of the turn under which it was scored, null where turns have none
 * @param grant the turn in hand, null where none is held any more
 */
public record PublishOrder(
    String workspace,
    String live,
    String staging,
    String batchId,
    @Nullable Long turn,
    @Nullable Grant grant)
    implements UnderTurn {

  /** The same when the turn has been given back. */
  public PublishOrder withoutTurn() {
    return new PublishOrder(workspace, live, staging, batchId, turn, null);
  }
}
