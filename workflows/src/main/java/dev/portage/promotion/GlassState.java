package dev.portage.promotion;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order to let a promotion through the freezes that were in force then, and no later one.
 *
 * @param workspace where
 * @param freezes their ids
 * @param by who ordered it
 * @param person the person behind that name, as people are compared
 * @param reason why
 * @param until when it lapses, unless a second person has confirmed it
 * @param confirmedBy who confirmed it; null until someone has
 */
public record GlassState(
    String workspace,
    List<String> freezes,
    String by,
    String person,
    String reason,
    Instant until,
    @Nullable String confirmedBy) {

  public GlassState {
    freezes = List.copyOf(freezes);
  }

  /** The same, confirmed. */
  GlassState confirmed(String second) {
    return new GlassState(workspace, freezes, by, person, reason, until, second);
  }

  /** Whether a second person has confirmed it. */
  boolean isConfirmed() {
    return confirmedBy != null;
  }

  /** Whether it is meant for all of these freezes of a workspace. */
  boolean covers(String where, List<String> ids) {
    return workspace.equals(where) && freezes.containsAll(ids);
  }
}
