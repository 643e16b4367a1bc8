package dev.portage.sandbox.failures;

import com.google.protobuf.util.Timestamps;
import dev.portage.connection.TemporalConnection;
import dev.portage.temporal.PromotionAttributes;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.failure.v1.Failure;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.RequestCancelWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.TerminateWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import io.temporal.common.SearchAttributeKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The Temporal server, by its own API, as the Web UI uses it. */
public final class Server implements AutoCloseable {
  /** In the result of an activity. */
  private static final Pattern CAME_BACK =
      Pattern.compile("\"cameBack\":\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final TemporalConnection connection;

  Server(TemporalConnection connection) {
    this.connection = connection;
  }

  /** Cancels, as the button does. */
  public void cancel(String workflow) {
    stub()
        .requestCancelWorkflowExecution(
            RequestCancelWorkflowExecutionRequest.newBuilder()
                .setNamespace(connection.namespace())
                .setWorkflowExecution(execution(workflow))
                .setReason("cancelled in the Web UI")
                .build());
  }

  /**
   * Terminates, as the button does.
   *
   * @return id of the run that was terminated
   */
  public String terminate(String workflow) {
    WorkflowExecution run =
        describe(execution(workflow))
            .map(WorkflowExecutionInfo::getExecution)
            .orElseThrow(() -> new IllegalStateException(workflow + " was never started"));
    stub()
        .terminateWorkflowExecution(
            TerminateWorkflowExecutionRequest.newBuilder()
                .setNamespace(connection.namespace())
                .setWorkflowExecution(run)
                .setReason("terminated in the Web UI")
                .build());
    return run.getRunId();
  }

  /** The step that it says it is in; "" if it says none or was never started. */
  public String step(String workflow) {
    return describe(execution(workflow))
        .map(info -> text(info, PromotionAttributes.STEP))
        .orElse("");
  }

  /** Its state, such as "STOPPED", in Portage's words; "" if it was never started. */
  public String state(String workflow) {
    return describe(execution(workflow))
        .map(info -> text(info, PromotionAttributes.STATE))
        .orElse("");
  }

  /** Whether it runs. */
  public boolean runs(String workflow) {
    return describe(execution(workflow))
        .filter(
            info -> info.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING)
        .isPresent();
  }

  /** Whether its last run was terminated, and no other began. */
  public boolean isTerminated(String workflow) {
    return isTerminated(execution(workflow));
  }

  /** Whether that run of it was terminated. */
  public boolean isTerminated(String workflow, String run) {
    return isTerminated(execution(workflow).toBuilder().setRunId(run).build());
  }

  private boolean isTerminated(WorkflowExecution execution) {
    return describe(execution)
        .filter(info ->
            info.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED)
        .isPresent();
  }

  /** Whether it only waits: no activity of it is under way. */
  public boolean waits(String workflow) {
    return stub()
        .describeWorkflowExecution(
            DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(connection.namespace())
                .setExecution(execution(workflow))
                .build())
        .getPendingActivitiesList()
        .isEmpty();
  }

  /** Which attempt each of its activities came to its end with, in order, by their types. */
  public Map<String, List<Integer>> attempts(String workflow) {
    Map<String, List<Integer>> attempts = new TreeMap<>();
    Map<Long, String> types = new HashMap<>();
    for (HistoryEvent event : connection.client().fetchHistory(workflow).getEvents()) {
      if (event.hasActivityTaskScheduledEventAttributes()) {
        types.put(
            event.getEventId(),
            event.getActivityTaskScheduledEventAttributes().getActivityType().getName());
      } else if (event.hasActivityTaskStartedEventAttributes()) {
        var started = event.getActivityTaskStartedEventAttributes();
        attempts
            .computeIfAbsent(
                String.valueOf(types.get(started.getScheduledEventId())), _ -> new ArrayList<>())
            .add(started.getAttempt());
      }
    }
    return attempts;
  }

  /**
   * What its history shows of attempts that failed: a line for each activity, such as "Copy passed
   * at attempt 2 after ...".
   *
   * @param since what came before is left out
   */
  public List<String> retries(String workflow, Instant since) {
    List<String> lines = new ArrayList<>();
    Map<Long, String> types = new HashMap<>();
    for (HistoryEvent event : connection.client().fetchHistory(workflow).getEvents()) {
      if (event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED) {
        types.put(
            event.getEventId(),
            event.getActivityTaskScheduledEventAttributes().getActivityType().getName());
      }
      if (Timestamps.toMillis(event.getEventTime()) < since.toEpochMilli()) {
        continue;
      }
      if (event.hasActivityTaskStartedEventAttributes()) {
        var started = event.getActivityTaskStartedEventAttributes();
        if (started.getAttempt() > 1) {
          lines.add(
              types.get(started.getScheduledEventId())
                  + " passed at attempt "
                  + started.getAttempt()
                  + " after \""
                  + firstLine(started.getLastFailure())
                  + "\"");
        }
      } else if (event.hasActivityTaskFailedEventAttributes()) {
        var failed = event.getActivityTaskFailedEventAttributes();
        lines.add(
            types.get(failed.getScheduledEventId())
                + " failed with \""
                + firstLine(failed.getFailure())
                + "\"");
      } else if (event.hasActivityTaskTimedOutEventAttributes()) {
        var late = event.getActivityTaskTimedOutEventAttributes();
        lines.add(
            types.get(late.getScheduledEventId())
                + " failed with \""
                + firstLine(late.getFailure())
                + "\"");
      } else if (event.hasActivityTaskCompletedEventAttributes()) {
        // What does several things at once says of each what came of it.
        var completed = event.getActivityTaskCompletedEventAttributes();
        String result =
            completed.getResult().getPayloadsList().stream()
                .map(payload -> payload.getData().toStringUtf8())
                .collect(Collectors.joining("\n"));
        Matcher problem = CAME_BACK.matcher(result);
        while (problem.find()) {
          lines.add(
              types.get(completed.getScheduledEventId()) + " reports \"" + problem.group(1) + "\"");
        }
      }
    }
    return lines;
  }

  private static String firstLine(Failure failure) {
    return failure.getMessage().lines().findFirst().orElse("no message");
  }

  private static String text(WorkflowExecutionInfo info, SearchAttributeKey<String> key) {
    return info.getSearchAttributes()
        .getIndexedFieldsOrDefault(key.getName(), Payload.getDefaultInstance())
        .getData()
        .toStringUtf8()
        .replace("\"", "");
  }

  private Optional<WorkflowExecutionInfo> describe(WorkflowExecution execution) {
    try {
      return Optional.of(
          stub()
              .describeWorkflowExecution(
                  DescribeWorkflowExecutionRequest.newBuilder()
                      .setNamespace(connection.namespace())
                      .setExecution(execution)
                      .build())
              .getWorkflowExecutionInfo());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static WorkflowExecution execution(String workflow) {
    return WorkflowExecution.newBuilder().setWorkflowId(workflow).build();
  }

  private WorkflowServiceBlockingStub stub() {
    return connection.stubs().blockingStub();
  }

  @Override
  public void close() {
    connection.close();
  }
}
