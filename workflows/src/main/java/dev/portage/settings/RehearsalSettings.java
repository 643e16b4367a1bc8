package dev.portage.settings;

import org.jspecify.annotations.Nullable;

/**
 * Scoring with the exact candidate in the first workspace, before anybody is asked.
 *
 * @param table full name of the live table there, which the rehearsal must not write
 * @param whyNot why there is no rehearsal, as "rehearse: false in promotion.yaml"; null where there
 *     is one
 * @param required whether {@code promotion.yaml} asks for it: then what can't be rehearsed is a
 *     person's to decide
 */
public record RehearsalSettings(String table, @Nullable String whyNot, Boolean required) {

  /** Whether there is one. */
  public boolean takesPlace() {
    return whyNot == null;
  }
}
