package dev.portage.preflight;

import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.settings.WorkspaceNames;
import dev.portage.temporal.Pollers;
import dev.portage.temporal.Queues;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.TimeoutFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Inspects all workspaces at once; each may take a while. If no worker picks up an inspection, it
 * checks whether there is one: it waits for a busy worker, and reports a missing one.
 */
final class Inspections {

  private final WorkerTimeouts timeouts;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, LiveNow> live = new HashMap<>();
  private final List<Identified> identified = new ArrayList<>();

  /**
   * How long a worker is waited for.
   *
   * @param first before checking whether there is one at all
   * @param quiet and once more, before checking again a worker that is silent: some minutes after
   *     its last poll Temporal knows that it is gone
   * @param busy altogether; a burst of approvals keeps workers busy for minutes
   */
  record WorkerTimeouts(Duration first, Duration quiet, Duration busy) {

    /** Someone waits in front of a terminal. */
    static WorkerTimeouts usual() {
      return new WorkerTimeouts(
          Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(5));
    }
  }

  /** A workspace that said which one it is. */
  private record Identified(WorkspaceReport report, WorkspaceNeeds needs) {

    /** What this promotion's things are called there; null for none in particular. */
    @Nullable WorkspaceNames used() {
      String model = needs.model();
      return model == null ? null : new WorkspaceNames(model, null, needs.table(), null);
    }
  }

  /** The result of one inspection. */
  private sealed interface Answer {
    record Reported(WorkspaceReport report) implements Answer {}

    record None(Finding finding) implements Answer {}
  }

  Inspections(WorkerTimeouts timeouts) {
    this.timeouts = timeouts;
  }

  /** What was found, in order of the workspaces. */
  List<Finding> at(List<WorkspaceNeeds> needs) {
    List<Promise<Answer>> looks =
        needs.stream().map(need -> Async.function(() -> look(need))).toList();
    for (int i = 0; i < looks.size(); i++) {
      switch (looks.get(i).get()) {
        case Answer.Reported(WorkspaceReport report) -> add(report, needs.get(i));
        case Answer.None(Finding finding) -> findings.add(finding);
      }
    }
    return findings;
  }

  /** What is live in a workspace; empty if a worker of an earlier release did not report it. */
  Optional<LiveNow> live(String workspace) {
    return Optional.ofNullable(live.get(workspace));
  }

  private Answer look(WorkspaceNeeds needs) {
    Duration waited = Duration.ZERO;
    Duration wait = timeouts.first();
    while (true) {
      try {
        return new Answer.Reported(
            Calls.of(
                    WorkspaceActivities.class,
                    Queues.of(needs.workspace()),
                    "check workspace " + needs.workspace(),
                    wait)
                .inspect(needs));
      } catch (ActivityFailure failure) {
        if (!wasTakenByNobody(failure)) {
          return new Answer.None(finding(failure, needs.workspace()));
        }
      }
      waited = waited.plus(wait);
      Pollers pollers = pollers(needs.workspace());
      wait = more(pollers, waited);
      if (!wait.isPositive()) {
        return new Answer.None(nobody(pollers, needs.workspace(), waited));
      }
    }
  }

  /** How much longer a worker is waited for. */
  private Duration more(Pollers pollers, Duration waited) {
    Duration left = timeouts.busy().minus(waited);
    return switch (pollers) {
      case NONE -> Duration.ZERO;
      case UNKNOWN -> timeouts.first().multipliedBy(2).minus(waited);
      case QUIET -> left.compareTo(timeouts.quiet()) < 0 ? left : timeouts.quiet();
      case ASKING -> left;
    };
  }

  private static Pollers pollers(String workspace) {
    try {
      return Calls.here(QueueActivities.class, "check for a worker of " + workspace)
          .pollersOf(Queues.of(workspace));
    } catch (ActivityFailure _) {
      return Pollers.UNKNOWN;
    }
  }

  private static Finding nobody(Pollers pollers, String workspace, Duration waited) {
    String where = "workspace " + workspace;
    String queue = "task queue " + Queues.of(workspace);
    String start = "portage worker --workspaces " + workspace;
    return switch (pollers) {
      case NONE -> Finding.unanswered(where, "worker", "no worker polls " + queue, start);
      case UNKNOWN ->
          Finding.unanswered(
              where, "worker", "no response in time; is a worker for it running? " + queue, start);
      case QUIET ->
          Finding.unanswered(
              where,
              "worker",
              "no worker has polled " + queue + " for more than a minute: it is overloaded or gone",
              start);
      case ASKING ->
          Finding.unanswered(
              where,
              "worker",
              "workers were too busy to check within " + waited.toSeconds() + " s (" + queue + ")",
              "retry later, or start another worker: " + start);
    };
  }

  private void add(WorkspaceReport report, WorkspaceNeeds needs) {
    findings.addAll(report.findings());
    LiveNow now = report.live();
    if (now != null) {
      live.put(report.workspace(), now);
    }
    String identity = report.identity();
    if (identity == null) {
      return;
    }
    Identified one = new Identified(report, needs);
    for (Identified twin : identified) {
      if (identity.equals(twin.report().identity())) {
        meeting(one, twin).ifPresent(findings::add);
      }
    }
    identified.add(one);
  }

  /** Two entries for one workspace are two as long as their names don't meet. */
  private static Optional<Finding> meeting(Identified one, Identified twin) {
    WorkspaceNames its = one.report().names();
    WorkspaceNames others = twin.report().names();
    String same =
        "this is the same workspace as "
            + twin.report().workspace()
            + " ("
            + one.report().identity()
            + ")";
    String where = "workspace " + one.report().workspace();
    if (its == null || others == null) {
      return Optional.of(
          Finding.failed(
              where,
              "identity",
              same + "; a hop needs two different ones",
              "correct its host in the platform file"));
    }
    return its.meets(others)
        .or(() -> used(one, twin, its, others))
        .map(meeting ->
            Finding.failed(
                where,
                "identity",
                same + ", and both would use the " + meeting.text(),
                "correct its host in the platform file, or give it "
                    + meeting.key()
                    + " of its own there"));
  }

  /** The same for this promotion's own names, which patterns that differ may still share. */
  private static Optional<WorkspaceNames.Meeting> used(
      Identified one, Identified twin, WorkspaceNames its, WorkspaceNames others) {
    WorkspaceNames here = one.used();
    WorkspaceNames there = twin.used();
    if (here == null || there == null) {
      return Optional.empty();
    }
    return here.meets(there)
        .or(() -> here.isTakenBy(its, others))
        .or(() -> there.isTakenBy(others, its));
  }

  private static Finding finding(ActivityFailure failure, String workspace) {
    return finding(failure, "workspace " + workspace, "login and permissions");
  }

  /** The finding of a failed inspection: placed where the user can fix it. */
  static Finding finding(ActivityFailure failure, String where, String what) {
    Problem problem = Failures.problemOf(failure, what, where);
    return switch (problem.kind()) {
      case USER -> Finding.failed(problem.where(), what, problem.cameBack(), problem.remedy());
      case PLATFORM -> Finding.unanswered(where, what, problem.cameBack(), problem.remedy());
      case FATAL, CANCELLED -> Finding.failed(where, what, problem.cameBack(), problem.remedy());
    };
  }

  private static boolean wasTakenByNobody(ActivityFailure failure) {
    return failure.getCause() instanceof TimeoutFailure timeout
        && timeout.getTimeoutType() == TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START;
  }
}
