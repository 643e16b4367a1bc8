package dev.portage.freeze;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Order to end the freezes of a workspace, or to let go of a model that is held there.
 *
 * @param workspace where
 * @param by who orders it
 * @param reason why
 * @param at when it was ordered
 * @param model full name of the registered model that is let go; null for the workspace's freezes,
 *     which leaves models held
 */
public record UnfreezeOrder(
    String workspace, String by, String reason, Instant at, @Nullable String model) {

  /** Of the whole workspace. */
  public UnfreezeOrder(String workspace, String by, String reason, Instant at) {
    this(workspace, by, reason, at, null);
  }

  /** Whether a freeze is one of those that are ended. */
  public boolean isAbout(Freeze freeze) {
    return freeze.workspace().equals(workspace) && Objects.equals(freeze.model(), model);
  }
}
