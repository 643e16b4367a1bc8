package dev.portage.order;

import dev.portage.failure.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of an order.
 *
 * @param id workflow that carried it out
 * @param order what was ordered
 * @param workspaces what happened in each workspace, in order of the path
 * @param problem why nothing was done anywhere, null if something was
 */
public record OrderView(
    String id, WorkspaceOrder order, List<OrderAnswer> workspaces, @Nullable Problem problem) {

  public OrderView {
    workspaces = List.copyOf(workspaces);
  }
}
