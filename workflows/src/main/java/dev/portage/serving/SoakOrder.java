package dev.portage.serving;

import org.jspecify.annotations.Nullable;

/**
 * A person's order while a step is watched.
 *
 * @param what what to do
 * @param by who gave it
 * @param reason why; null where they said nothing
 */
public record SoakOrder(What what, String by, @Nullable String reason) {

  /** What to do. */
  public enum What {
    /** The next step, without the rest of the soak. */
    PROCEED,
    /** All traffic back to the champion. */
    ABORT
  }
}
