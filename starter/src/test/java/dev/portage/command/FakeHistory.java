package dev.portage.command;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.history.HistoryOrder;
import dev.portage.history.HistoryView;
import dev.portage.history.HistoryWorkflow;
import dev.portage.history.LiveThen;
import dev.portage.history.WorkspaceHistory;
import dev.portage.release.Release;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One release in prod; of the model "silent", no worker answers; "returns" has been rolled back.
 */
public class FakeHistory implements HistoryWorkflow {

  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

  @Override
  public HistoryView history(@Nullable HistoryOrder given) {
    HistoryOrder order = Objects.requireNonNull(given);
    String id = Workflow.getInfo().getWorkflowId();
    if ("nowhere".equals(order.workspace())) {
      return new HistoryView(
          id, order.model(), order.at(), List.of(), List.of(), List.of(), problem());
    }
    boolean silent = order.model().equals("silent");
    HistoryEvent release = release(order.model());
    if (order.model().equals("returns")) {
      release = rollback(order.model());
    }
    return new HistoryView(
        id,
        order.model(),
        order.at(),
        List.of(
            new WorkspaceHistory(
                "prod", order.model(), false, List.of(), silent ? problem() : null)),
        silent || order.at() != null ? List.of() : List.of(release),
        silent || order.at() == null
            ? List.of()
            : List.of(
                new LiveThen(
                    "prod",
                    order.model(),
                    true,
                    "version 3 since " + AT,
                    List.of(),
                    release,
                    null)),
        null);
  }

  private static HistoryEvent release(String model) {
    return HistoryEvent.of(
            "release/prod/promotion/" + model + "/1",
            HistoryKind.RELEASE,
            "prod",
            model,
            AT,
            "dev@example.com")
        .reason("again, since \u001b[31mthe first was wrong")
        .workflow("promotion/" + model + "/1")
        .release(
            Release.of("promotion/" + model + "/1", "prod", model, "3", "d".repeat(64), AT).build())
        .build();
  }

  private static HistoryEvent rollback(String model) {
    Instant at = Instant.parse("2999-01-02T03:04:05Z");
    String id = "rollback/prod/" + model + "/1";
    return HistoryEvent.of(id, HistoryKind.ROLLBACK, "prod", model, at, "dev@example.com")
        .workflow(id)
        .release(Release.of(id, "prod", model, "3", "d".repeat(64), at).build())
        .build();
  }

  private static Problem problem() {
    return Problem.of(
        FailureKind.USER, "read the history", "workspace prod", "no such thing", "name another");
  }
}
