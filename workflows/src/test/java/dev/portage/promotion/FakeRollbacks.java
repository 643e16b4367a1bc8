package dev.portage.promotion;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.notice.NoticeReceiver;
import dev.portage.registry.Marking;
import dev.portage.rollback.RollbackId;
import dev.portage.rollback.RollbackIdActivities;
import dev.portage.rollback.RollbackQuery;
import dev.portage.rollback.RollbackSettings;
import dev.portage.rollback.RollbackSettingsActivities;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.Station;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What rollbacks need besides a world: the platform file and numbers. */
final class FakeRollbacks implements RollbackSettingsActivities, RollbackIdActivities {

  /** Who is told. */
  volatile List<NoticeReceiver> receivers = List.of();

  /** Groups that have to approve a rollback; empty for none. */
  volatile List<String> approve = List.of();

  private final WorkflowClient client;

  FakeRollbacks(WorkflowClient client) {
    this.client = client;
  }

  @Override
  public RollbackSettings rollbackSettings(RollbackQuery query) {
    String named = query.workspace();
    if (named != null && !named.equals("prod")) {
      throw FakeWorld.userFault("--workspace names workspace \"" + named + "\"");
    }
    Set<Station.Capability> all = Set.of(Station.Capability.values());
    return new RollbackSettings(
        query.model(),
        new Station("prod", "databricks", all, query.model(), Marking.ALIASES),
        new Station("dev", "databricks", all, query.model(), Marking.STAGES),
        approve.isEmpty()
            ? null
            : new ApprovalPolicy("tier", approve, Map.of(), Duration.ofDays(1)),
        receivers,
        Duration.ofMinutes(10));
  }

  @Override
  public RollbackId freeId(RollbackId from) {
    RollbackId id = from;
    while (true) {
      Optional<WorkflowExecutionStatus> status = status(id);
      if (status.isEmpty()) {
        return id;
      }
      if (status.get() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING) {
        throw Failures.of(
            Problem.of(
                FailureKind.USER, "start", "prod", id.workflow() + " is still running", "Wait."));
      }
      id = id.next();
    }
  }

  @Override
  public Boolean wasCutOff(RollbackId id) {
    return status(id)
        .filter(status -> status == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED)
        .isPresent();
  }

  private Optional<WorkflowExecutionStatus> status(RollbackId id) {
    try {
      return Optional.of(client.newUntypedWorkflowStub(id.workflow()).describe().getStatus());
    } catch (WorkflowNotFoundException none) {
      return Optional.empty();
    }
  }

  /** A rollback's order with a version, or the default. */
  static Map<String, Object> order(@Nullable String to) {
    return to == null
        ? Map.of("model", "diabetes", "by", "rui@example.com", "reason", "it doubles")
        : Map.of("model", "diabetes", "by", "rui@example.com", "reason", "it doubles", "to", to);
  }
}
