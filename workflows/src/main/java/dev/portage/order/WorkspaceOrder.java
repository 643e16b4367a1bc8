package dev.portage.order;

import dev.portage.registry.ModelName;
import dev.portage.text.Bounded;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An order about workspaces.
 *
 * @param kind what is ordered
 * @param workspace the only workspace that is meant, null for all
 * @param until when a freeze ends by itself; null for other orders
 * @param model of a candidate, or the model that is let go: its name in {@code promotion.yaml}, or
 *     the full name of a registered model; null for other orders
 * @param candidate which candidate: its version, or the beginning of its digest or commit; null for
 *     other orders
 * @param by who orders it
 * @param reason why
 */
public record WorkspaceOrder(
    OrderKind kind,
    @Nullable String workspace,
    @Nullable Instant until,
    @Nullable String model,
    @Nullable String candidate,
    String by,
    String reason) {

  public WorkspaceOrder {
    by = Bounded.line(by, Bounded.PERSON);
    reason = Bounded.line(reason, Bounded.LINE);
  }

  /** Freezes a workspace, or all where it is null. */
  public static WorkspaceOrder freeze(
      @Nullable String workspace, Instant until, String by, String reason) {
    return new WorkspaceOrder(OrderKind.FREEZE, workspace, until, null, null, by, reason);
  }

  /** Ends the freezes of a workspace, or of all where it is null. */
  public static WorkspaceOrder unfreeze(@Nullable String workspace, String by, String reason) {
    return new WorkspaceOrder(OrderKind.UNFREEZE, workspace, null, null, null, by, reason);
  }

  /** Lets go of a model that is held, in a workspace, or wherever it is held where that is null. */
  public static WorkspaceOrder letGo(
      String model, @Nullable String workspace, String by, String reason) {
    return new WorkspaceOrder(OrderKind.UNFREEZE, workspace, null, model, null, by, reason);
  }

  /** The same about a model of the name that is no workspace's; null if it can't be one's. */
  @Nullable WorkspaceOrder ofModel() {
    return kind == OrderKind.UNFREEZE && workspace != null && ModelName.isAllowed(workspace)
        ? letGo(workspace, null, by, reason)
        : null;
  }

  /** Lifts a candidate in a workspace, or wherever it is refused where that is null. */
  public static WorkspaceOrder lift(
      String model, String candidate, @Nullable String workspace, String by, String reason) {
    return new WorkspaceOrder(OrderKind.LIFT, workspace, null, model, candidate, by, reason);
  }

  /** What is ordered, in a few words: "freeze prod", "lift v4 of churn". */
  public String words() {
    if (kind == OrderKind.LIFT) {
      return kind.word() + " " + candidate + " of " + model;
    }
    return model != null
        ? kind.word() + " model " + model
        : kind.word() + " " + (workspace == null ? "all workspaces" : workspace);
  }
}
