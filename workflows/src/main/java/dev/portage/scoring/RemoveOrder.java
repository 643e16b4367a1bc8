package dev.portage.scoring;

import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import org.jspecify.annotations.Nullable;

/**
 * Order to remove the rows of a batch from the table that readers see, as a promotion that did not
 * go live wrote them directly.
 *
 * @param workspace where it is
 * @param table full name of the table
 * @param batchId the batch, which is that promotion's alone
 * @param grant the turn in hand, null where none is held any more
 */
public record RemoveOrder(String workspace, String table, String batchId, @Nullable Grant grant)
    implements UnderTurn {}
