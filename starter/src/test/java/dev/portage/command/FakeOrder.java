package dev.portage.command;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.freeze.Freeze;
import dev.portage.order.OrderAnswer;
import dev.portage.order.OrderKind;
import dev.portage.order.OrderView;
import dev.portage.order.OrderWorkflow;
import dev.portage.order.WorkspaceOrder;
import dev.portage.temporal.Payloads;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Carries out orders in prod; dev never answers, the file freezes "filed", "nowhere" is unknown.
 */
public class FakeOrder implements OrderWorkflow {

  @Override
  public OrderView order(@Nullable RawValue given) {
    WorkspaceOrder order =
        Objects.requireNonNull(
            Payloads.dataConverter()
                .fromPayload(
                    Objects.requireNonNull(given).getPayload(),
                    WorkspaceOrder.class,
                    WorkspaceOrder.class));
    String id = Workflow.getInfo().getWorkflowId();
    String workspace = order.workspace();
    if (workspace == null && order.kind() != OrderKind.LIFT) {
      return new OrderView(id, order, List.of(silent(order), done(order, "prod")), null);
    }
    if ("nowhere".equals(workspace)) {
      return new OrderView(
          id,
          order,
          List.of(),
          Problem.of(
              FailureKind.USER,
              order.words(),
              "platform file",
              "it has no workspace nowhere",
              "Nothing was changed. Name one of these, or all: dev, prod"));
    }
    if ("filed".equals(workspace)) {
      return new OrderView(id, order, List.of(filed(order)), null);
    }
    return new OrderView(id, order, List.of(done(order, "prod")), null);
  }

  private static OrderAnswer done(WorkspaceOrder order, String workspace) {
    Instant until = order.until();
    return new OrderAnswer(
        workspace,
        true,
        order.words() + " \u001b[31mdone",
        until == null
            ? List.of()
            : List.of(
                new Freeze(
                    "f1",
                    workspace,
                    Instant.EPOCH,
                    until,
                    order.by(),
                    order.reason(),
                    Instant.EPOCH,
                    null)),
        List.of(),
        List.of(),
        null);
  }

  private static OrderAnswer silent(WorkspaceOrder order) {
    return failed(
        "dev",
        Problem.of(
            FailureKind.PLATFORM,
            order.words(),
            "workspace dev",
            "no worker polls task queue portage/dev",
            "portage worker --workspaces dev"));
  }

  private static OrderAnswer filed(WorkspaceOrder order) {
    return failed(
        "filed",
        Problem.of(
            FailureKind.USER,
            order.words(),
            "workspace filed",
            "filed is frozen until 2999-12-31T18:00:00Z by portage.yaml:31: quarter end",
            "To end it, remove its entry at portage.yaml:31; workers read the file anew."));
  }

  private static OrderAnswer failed(String workspace, Problem problem) {
    return new OrderAnswer(
        workspace,
        false,
        problem.cameBack() + " → " + problem.remedy(),
        List.of(),
        List.of(),
        List.of(),
        problem);
  }
}
