package dev.portage.history;

import java.util.Locale;

/** What may happen to what is live in a workspace, or to the right to change it. */
public enum HistoryKind {
  /** A promotion made a version live. */
  RELEASE,
  /** What an earlier release made live is live again. */
  ROLLBACK,
  /** What was live already became the first release. */
  ADOPTION,
  /** Nothing may be promoted to the workspace for some time. */
  FREEZE,
  /** A freeze ended before its time. */
  UNFREEZE,
  /** A promotion went through a freeze. */
  BREAK_GLASS,
  /** A candidate may not be promoted again. */
  QUARANTINE,
  /** A candidate may be promoted again. */
  LIFT,
  /** A person ended the watch of a released version before its time. */
  UNWATCH;

  /** As it is written, such as "break-glass". */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
