package dev.portage.registry;

import org.jspecify.annotations.Nullable;

/**
 * Order to take a mark back from a version that is not on its way any more. Only where the version
 * still has it: whoever moved it since has a reason.
 *
 * @param workspace its registry
 * @param model full name there
 * @param version the version
 * @param marking alias or stage
 * @param mark which one, such as "challenger" or "Staging"
 * @param before stage that the version was in before, null for aliases and where it had none
 */
public record UnmarkOrder(
    String workspace,
    String model,
    String version,
    Marking marking,
    String mark,
    @Nullable String before) {

  /** A version's stage while nobody has given it one. */
  public static final String NO_STAGE = "None";

  /** The stage that the version goes back to. */
  public String stage() {
    return before == null || before.isBlank() ? NO_STAGE : before;
  }
}
