package dev.portage.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import org.jspecify.annotations.Nullable;

/**
 * Order to remove the rows of a batch from the table that readers see: as a promotion that did not
 * go live wrote them directly, or as a release that a rollback left published them.
 *
 * @param workspace where it is
 * @param table full name of the table
 * @param batchId the batch, which is that promotion's alone; rows of others stay
 * @param grant the turn in hand, null where none is held any more: no other release has that batch
 * @param version version whose rows in other batches are counted, as scheduled runs have written
 *     them since; null to count none
 */
public record RemoveOrder(
    String workspace,
    String table,
    String batchId,
    @Nullable Grant grant,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String version)
    implements UnderTurn {

  /** One that counts no other rows. */
  public RemoveOrder(String workspace, String table, String batchId, @Nullable Grant grant) {
    this(workspace, table, batchId, grant, null);
  }
}
