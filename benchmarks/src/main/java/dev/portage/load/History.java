package dev.portage.load;

import com.google.protobuf.Timestamp;
import dev.portage.temporal.RunEnd;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.ActivityTaskScheduledEventAttributes;
import io.temporal.api.history.v1.HistoryEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow's history shows: when it was decided, and how long its activities waited and ran.
 *
 * @param began when it began
 * @param ended when it ended, null while it runs
 * @param decided when it took the decision, null without one
 * @param activities those that have started, in the order in which they were scheduled
 * @param events how many there are
 */
record History(
    Instant began,
    @Nullable Instant ended,
    @Nullable Instant decided,
    List<Ran> activities,
    int events) {

  /** Messages that count as decisions: Portage's and those of the bare workflows. */
  private static final String DECISION = BareWorkflow.DECISION;

  History {
    activities = List.copyOf(activities);
  }

  /**
   * An activity.
   *
   * @param type its type
   * @param queue its task queue
   * @param scheduled when the workflow scheduled it
   * @param started when a worker took it up, its last attempt where there were several
   * @param ended when it ended, null while it runs
   * @param attempts how many there were
   */
  record Ran(
      String type,
      String queue,
      Instant scheduled,
      Instant started,
      @Nullable Instant ended,
      int attempts) {}

  /** Reads it. */
  static History of(List<HistoryEvent> events) {
    Map<Long, HistoryEvent> scheduled = new HashMap<>();
    Map<Long, HistoryEvent> started = new HashMap<>();
    Map<Long, Instant> ended = new HashMap<>();
    List<Long> order = new ArrayList<>();
    @Nullable Instant decided = null;
    for (HistoryEvent event : events) {
      switch (event.getEventType()) {
        case EVENT_TYPE_ACTIVITY_TASK_SCHEDULED -> {
          scheduled.put(event.getEventId(), event);
          order.add(event.getEventId());
        }
        case EVENT_TYPE_ACTIVITY_TASK_STARTED ->
            started.put(event.getActivityTaskStartedEventAttributes().getScheduledEventId(), event);
        case EVENT_TYPE_ACTIVITY_TASK_COMPLETED ->
            ended.put(
                event.getActivityTaskCompletedEventAttributes().getScheduledEventId(), at(event));
        case EVENT_TYPE_ACTIVITY_TASK_FAILED ->
            ended.put(
                event.getActivityTaskFailedEventAttributes().getScheduledEventId(), at(event));
        case EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT ->
            ended.put(
                event.getActivityTaskTimedOutEventAttributes().getScheduledEventId(), at(event));
        case EVENT_TYPE_ACTIVITY_TASK_CANCELED ->
            ended.put(
                event.getActivityTaskCanceledEventAttributes().getScheduledEventId(), at(event));
        default -> {
          if (decided == null && isDecision(event)) {
            decided = at(event);
          }
        }
      }
    }
    List<Ran> activities = new ArrayList<>();
    for (Long id : order) {
      HistoryEvent begun = started.get(id);
      HistoryEvent asked = scheduled.get(id);
      if (begun != null && asked != null) {
        ActivityTaskScheduledEventAttributes what = asked.getActivityTaskScheduledEventAttributes();
        activities.add(
            new Ran(
                what.getActivityType().getName(),
                what.getTaskQueue().getName(),
                at(asked),
                at(begun),
                ended.get(id),
                begun.getActivityTaskStartedEventAttributes().getAttempt()));
      }
    }
    HistoryEvent last = events.getLast();
    return new History(
        at(events.getFirst()),
        isEnd(last.getEventType()) ? at(last) : null,
        decided,
        activities,
        events.size());
  }

  private static boolean isDecision(HistoryEvent event) {
    return switch (event.getEventType()) {
      case EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED ->
          event
              .getWorkflowExecutionUpdateAcceptedEventAttributes()
              .getAcceptedRequest()
              .getInput()
              .getName()
              .equals(DECISION);
      case EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED ->
          event.getWorkflowExecutionSignaledEventAttributes().getSignalName().equals(DECISION);
      default -> false;
    };
  }

  /** A run that continues as new is not the end of the workflow. */
  private static boolean isEnd(EventType type) {
    return RunEnd.is(type) && type != EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW;
  }

  private static Instant at(HistoryEvent event) {
    return at(event.getEventTime());
  }

  /** A point in time as Temporal reports it. */
  static Instant at(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  /** Activities scheduled before the decision. */
  List<Ran> before() {
    return activities.stream()
        .filter(ran -> decided == null || ran.scheduled().isBefore(decided))
        .toList();
  }

  /** Activities scheduled since the decision. */
  List<Ran> after() {
    return activities.stream()
        .filter(ran -> decided != null && !ran.scheduled().isBefore(decided))
        .toList();
  }

  /**
   * When the workflow went on to the next step: it scheduled its first activity since. Empty if it
   * hasn't.
   */
  Optional<Instant> nextStep() {
    return after().stream().findFirst().map(Ran::scheduled);
  }

  /** Time since the decision in which at least one activity ran. */
  Duration insideActivities() {
    Duration inside = Duration.ZERO;
    Instant until = Instant.MIN;
    List<Ran> sorted =
        after().stream().sorted((a, b) -> a.started().compareTo(b.started())).toList();
    for (Ran ran : sorted) {
      Instant end = ran.ended();
      if (end == null || !end.isAfter(until)) {
        continue;
      }
      inside = inside.plus(Duration.between(max(ran.started(), until), end));
      until = end;
    }
    return inside;
  }

  private static Instant max(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
