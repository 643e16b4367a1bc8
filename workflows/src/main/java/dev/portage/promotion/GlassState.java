package dev.portage.promotion;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An order to let a promotion through a freeze.
 *
 * @param workspace where
 * @param by who ordered it
 * @param person the person behind that name, as people are compared
 * @param reason why
 * @param until when it lapses, unless a second person has confirmed it
 * @param confirmedBy who confirmed it; null until someone has
 */
public record GlassState(
    String workspace,
    String by,
    String person,
    String reason,
    Instant until,
    @Nullable String confirmedBy) {

  /** The same, confirmed. */
  GlassState confirmed(String second) {
    return new GlassState(workspace, by, person, reason, until, second);
  }

  /** Whether a second person has confirmed it. */
  boolean isConfirmed() {
    return confirmedBy != null;
  }
}
