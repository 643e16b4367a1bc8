package dev.portage.preflight;

import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.settings.WorkspaceNames;
import dev.portage.trigger.Triggers;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Inspects all workspaces at once; each may take a while. */
final class Inspections {

  private final WorkspaceCalls calls;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, LiveNow> live = new HashMap<>();
  private final List<Identified> identified = new ArrayList<>();

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

  Inspections(WorkspaceCalls calls) {
    this.calls = calls;
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

  /** What starts elsewhere when a promotion changes the model of a workspace; empty if unknown. */
  Optional<Triggers> triggers(String workspace) {
    return live(workspace).map(LiveNow::triggers);
  }

  private Answer look(WorkspaceNeeds needs) {
    String workspace = needs.workspace();
    try {
      return new Answer.Reported(
          calls.ask(
              WorkspaceActivities.class,
              workspace,
              "check workspace " + workspace,
              worker -> worker.inspect(needs)));
    } catch (ActivityFailure failure) {
      return new Answer.None(finding(failure, workspace));
    } catch (ApplicationFailure nobody) {
      Problem problem = Failures.problemOf(nobody, "worker", "workspace " + workspace);
      return new Answer.None(
          Finding.unanswered(problem.where(), "worker", problem.cameBack(), problem.remedy()));
    }
  }

  private void add(WorkspaceReport report, WorkspaceNeeds needs) {
    findings.addAll(report.findings());
    LiveNow now = report.live();
    if (now != null) {
      live.put(report.workspace(), now);
      Triggers triggers = now.triggers();
      String model = needs.model();
      if (triggers != null && model != null) {
        findings.addAll(TriggerFindings.of(triggers, report.workspace(), model));
      }
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
              same + "; a promotion needs two different ones",
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
}
