package dev.portage.order;

import java.util.Locale;

/** What may be ordered. */
public enum OrderKind {
  /** Nothing is promoted to a workspace until some time. */
  FREEZE,
  /** Freezes end before their time. */
  UNFREEZE,
  /** A candidate may be promoted again. */
  LIFT;

  /** As it is written, such as "freeze". */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
