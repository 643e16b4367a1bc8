package dev.portage.registry;

import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import org.jspecify.annotations.Nullable;

/**
 * Order to point an alias or stage at one exact version.
 *
 * @param workspace its registry
 * @param model full name there
 * @param version the version
 * @param marking alias or stage
 * @param mark which one, such as "champion" or "Production"
 * @param grant the turn in hand; null where the mark is not the champion's, or from a writer that
 *     knows no numbers
 */
public record MarkOrder(
    String workspace,
    String model,
    String version,
    Marking marking,
    String mark,
    @Nullable Grant grant)
    implements UnderTurn {

  /** An order without a turn. */
  public MarkOrder(String workspace, String model, String version, Marking marking, String mark) {
    this(workspace, model, version, marking, mark, null);
  }
}
