package dev.portage.rollback;

import dev.portage.activity.Stubs;
import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Decision;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.Needed;
import dev.portage.approval.People;
import dev.portage.approval.PeopleActivities;
import dev.portage.approval.PeopleQuery;
import dev.portage.approval.Request;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.gate.Evidence;
import dev.portage.gate.GateOutcome;
import dev.portage.gate.GateResult;
import dev.portage.release.Release;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.step.Course;
import dev.portage.step.Made;
import dev.portage.step.Rejection;
import dev.portage.step.StepRunner;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;

/**
 * Step {@code approve}, where the platform file asks for it: one person of each group, none of them
 * the one who started the rollback. No turn is held meanwhile.
 */
final class RollbackApproval {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final Course course;
  private final StepRunner steps;
  private final Consumer<Request> tell;

  /**
   * @param tell tells people that they are asked
   */
  RollbackApproval(Course course, StepRunner steps, Consumer<Request> tell) {
    this.course = course;
    this.steps = steps;
    this.tell = tell;
  }

  /** Reads who is who, as the platform file says now. */
  static People people(ApprovalDesk desk, List<String> names) {
    List<String> groups = desk.openRequest().map(Request::allGroups).orElse(List.of());
    return Stubs.here(PeopleActivities.class, TIMEOUT, "read who may decide about the rollback")
        .people(new PeopleQuery(names, groups));
  }

  /**
   * Asks, and waits.
   *
   * @throws Rejection if someone says no, or nobody decides in time
   */
  void run(Findings looked, ApprovalPolicy policy) {
    steps.resumable(
        RollbackSteps.APPROVE,
        String.class,
        looked.plan().workspace(),
        attempt -> Made.of("approved", approved(looked, policy)));
  }

  private String approved(Findings looked, ApprovalPolicy policy) {
    ApprovalDesk desk = course.desk();
    if (desk.openRequest().isEmpty()) {
      Request opened = request(looked, policy, desk);
      desk.open(opened, policy);
      tell.accept(opened);
    }
    Request request = desk.openRequest().orElseThrow();
    course.waits(
        "needs "
            + Needed.text(request.groups())
            + " to approve "
            + request.name()
            + " by "
            + request.expires().truncatedTo(ChronoUnit.MINUTES));
    boolean decided =
        course
            .nextRun()
            .await(
                Duration.between(now(), request.expires()),
                "wait for the decision on " + request.name(),
                desk::isDecided);
    List<Decision> decisions = desk.decisionsOn(request.name());
    boolean approved = desk.isApproved();
    desk.close();
    if (!decided || !approved) {
      Problem problem = refused(request, decisions, decided);
      course.list().failed(RollbackSteps.APPROVE, problem);
      throw new Rejection(problem);
    }
    course.running(RollbackSteps.APPROVE);
    return "approved by " + String.join(", ", decisions.stream().map(Decision::by).toList());
  }

  private static Problem refused(Request request, List<Decision> decisions, boolean decided) {
    String why =
        decisions.stream()
            .filter(decision -> decision.verdict() == Verdict.REJECT)
            .findFirst()
            .map(no -> "rejected by " + no.by() + (no.comment() == null ? "" : ": " + no.comment()))
            .orElse(decided ? "rejected" : "nobody decided by " + request.expires());
    return Problem.of(
        FailureKind.USER,
        "ask for approval of the rollback",
        "workspace " + request.target(),
        why,
        "Nothing was changed.");
  }

  private static Request request(Findings looked, ApprovalPolicy policy, ApprovalDesk desk) {
    RollbackPlan plan = looked.plan();
    Release target = looked.target();
    Instant now = now();
    List<GateResult> results =
        List.of(
            new GateResult(
                "released before",
                GateOutcome.PASS,
                "version " + plan.to() + " by " + plan.releasedBy(),
                "a release"),
            new GateResult(
                "whole", GateOutcome.PASS, "its files are there", "its version and files"));
    String digest = PlanDigest.of(plan);
    return new Request(
        desk.nextName(plan.workspace()),
        plan.workspace(),
        target.digest(),
        new Evidence(
            plan.workspace(),
            results,
            GateOutcome.PASS,
            plan.from(),
            target.digest(),
            digest,
            digest),
        plan.binding(),
        desk.groupsOf(policy),
        now,
        now.plus(policy.expires()));
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
