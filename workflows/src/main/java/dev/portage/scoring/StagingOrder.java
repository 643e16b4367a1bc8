package dev.portage.scoring;

import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import org.jspecify.annotations.Nullable;

/**
 * A live table, and the one that a run writes in its place.
 *
 * @param workspace where both are
 * @param live full name of the table that readers see; it need not exist
 * @param staging full name of the run's own table
 * @param publishes whether its rows are to become part of the live table, which then must be one
 *     that they can be published into by one statement
 * @param grant the turn in hand, null where none is held
 * @param promotion id of the promotion whose run it is; null from a writer that did not say
 * @param like what the run's table is to take, where that is not the live one's to say: a rehearsal
 *     writes what the later workspace's table takes; null for the live one's columns
 */
public record StagingOrder(
    String workspace,
    String live,
    String staging,
    Boolean publishes,
    @Nullable Grant grant,
    @Nullable String promotion,
    @Nullable TableShape like)
    implements UnderTurn {

  /** A table with the columns of the live one. */
  public StagingOrder(
      String workspace, String live, String staging, Boolean publishes, @Nullable Grant grant) {
    this(workspace, live, staging, publishes, grant, null, null);
  }
}
