package dev.portage.freeze;

import dev.portage.text.Bounded;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time in which nothing goes live in a workspace. Read for years: fields are only ever added.
 *
 * @param id unique within the workspace
 * @param workspace where
 * @param from when it begins
 * @param until when it ends by itself
 * @param by who ordered it; for one of the platform file, its place there, such as
 *     "portage.yaml:31"
 * @param reason why
 * @param at when it was ordered; null for one of the platform file
 * @param lifted who ended it early, null if nobody did
 */
public record Freeze(
    String id,
    String workspace,
    Instant from,
    Instant until,
    String by,
    String reason,
    @Nullable Instant at,
    @Nullable Lifted lifted) {

  public Freeze {
    by = Bounded.line(by, Bounded.PERSON);
    reason = Bounded.line(reason, Bounded.LINE);
  }

  /**
   * The early end of a freeze.
   *
   * @param by who ended it
   * @param reason why
   * @param at when
   */
  public record Lifted(String by, String reason, Instant at) {
    public Lifted {
      by = Bounded.line(by, Bounded.PERSON);
      reason = Bounded.line(reason, Bounded.LINE);
    }
  }

  /** Whether nothing goes live at that time. */
  public boolean holdsAt(Instant time) {
    return lifted == null && !time.isBefore(from) && time.isBefore(until);
  }

  /** Whether it ends early, once that is recorded. */
  public boolean isOverAt(Instant time) {
    return lifted != null || !time.isBefore(until);
  }

  /** The same, ended early. */
  public Freeze liftedBy(Lifted end) {
    return new Freeze(id, workspace, from, until, by, reason, at, end);
  }

  /** Whether it stands in the platform file, where alone it can be ended. */
  public boolean isOfPlatformFile() {
    return at == null;
  }

  /** One line: "prod is frozen until … by ana@example.com: end of the quarter". */
  public String text() {
    return workspace + " is frozen until " + until + " by " + by + ": " + reason;
  }

  /** How it ends before its time, as a sentence for people. */
  public String remedy() {
    return isOfPlatformFile()
        ? "To end it, remove its entry at " + by + "; workers read the file anew."
        : "To end it: portage unfreeze " + workspace + " --reason TEXT";
  }
}
