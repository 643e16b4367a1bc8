package dev.portage.promotion;

import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Decision;
import dev.portage.approval.Escalation;
import dev.portage.approval.Request;
import dev.portage.candidate.Candidate;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Problem;
import dev.portage.gate.GateOutcome;
import dev.portage.identity.Authorship;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.ReminderTimes;
import dev.portage.registry.Champion;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.Station;
import dev.portage.settings.WrittenDuration;
import dev.portage.step.Made;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Step {@code approve} of a hop: who decides on what {@link Evaluation} shows. */
final class Approval {

  private final Journey journey;
  private final Candidate candidate;
  private final Station target;
  private final Evaluation evaluation;

  Approval(Journey journey, Candidate candidate, Station target, Evaluation evaluation) {
    this.journey = journey;
    this.candidate = candidate;
    this.target = target;
    this.evaluation = evaluation;
  }

  /** What is approved. */
  Evaluation evaluation() {
    return evaluation;
  }

  /** The decision does not stand: evaluates the gates again, then asks people again. */
  void reopen() {
    journey.journal().forget(StepNames.hop(target, "approve"));
    evaluation.repeat();
    run();
  }

  /** Opens a request and waits, for days if need be. */
  void run() {
    String step = StepNames.hop(target, "approve");
    if (journey.journal().has(step)) {
      return;
    }
    Evaluation.Shown toDecide = evaluation.shown();
    ApprovalPolicy policy =
        Objects.requireNonNull(
            journey.settings().approvals().get(target.workspace()), "every target has a policy");
    boolean needsPerson = toDecide.evidence().outcome() == GateOutcome.INCONCLUSIVE;
    if (policy.groups().isEmpty() && !needsPerson) {
      journey
          .progress()
          .steps()
          .skipped(step, "tier " + policy.tier() + " needs no approval if all gates pass");
      return;
    }
    String decided =
        journey.steps().once(step, target.workspace(), attempt -> await(toDecide, policy));
    journey.journal().put(step, decided);
  }

  private Made<String> await(Evaluation.Shown toDecide, ApprovalPolicy policy) {
    ApprovalDesk desk = journey.desk();
    // Another run of the workflow may have opened it.
    @Nullable Request opened = desk.openRequest().orElse(null);
    Request request = opened == null ? open(toDecide, policy) : opened;
    boolean decided;
    Optional<Decision> rejection;
    CancellationScope reminders =
        Reminders.begin(journey.noticeSender(), journey.progress(), request);
    try {
      journey
          .nextRun()
          .await(
              Duration.between(PromotionProgress.now(), request.expires()),
              "wait for approval " + request.name(),
              desk::isDecided);
      if (!desk.isDecided()) {
        // Who came in time is heard, however long it takes to read whether they may decide.
        desk.expire();
        Workflow.await(() -> !journey.decisions().isBusy());
      }
      decided = desk.isDecided();
      rejection = desk.rejection();
      // Not below: a run that goes on as another one has no commands left.
      reminders.cancel("the request is closed");
    } finally {
      desk.close();
    }
    List<Decision> decisions = desk.decisionsOn(request.name());
    if (rejection.isPresent()) {
      journey.noticeSender().endsAs(NoticeKind.DECIDED);
      String afterAll =
          new Clearing(journey)
              .quarantine(target, candidate, rejection.get().by(), rejection.get().comment());
      throw rejected(
          request, "rejected by " + rejection.get().by() + comment(rejection.get()), afterAll);
    }
    if (!decided) {
      journey.noticeSender().endsAs(NoticeKind.EXPIRED);
      throw rejected(
          request, "nobody decided within " + WrittenDuration.text(policy.expires()), sameAgain());
    }
    journey.progress().running(StepNames.hop(target, "approve"));
    journey.noticeSender().approved(request);
    return Made.of(
        request.name(),
        request.name()
            + " approved by "
            + String.join(" and ", decisions.stream().map(Decision::by).toList()));
  }

  /**
   * If the version differs from the one at the start, nobody has looked up who made the commits
   * since.
   */
  private void noteUnknownBase(@Nullable Champion champion) {
    Authorship authorship = journey.start().authorship();
    String base = champion == null ? null : champion.commit();
    if (authorship == null
        || base == null
        || base.equals(journey.start().commit())
        || authorship.covers(base)) {
      return;
    }
    journey
        .progress()
        .gap(
            "what is live in "
                + target.workspace()
                + " now comes from a different commit than at the start, so who made the commits in between is unknown");
  }

  private Request open(Evaluation.Shown toDecide, ApprovalPolicy policy) {
    Instant opened = PromotionProgress.now();
    Instant expires = opened.plus(policy.expires());
    Request request =
        new Request(
                journey.desk().nextName(target.workspace()),
                target.workspace(),
                candidate.manifest().digest(),
                toDecide.evidence(),
                toDecide.plan(),
                journey.desk().groupsOf(policy),
                opened,
                expires)
            .toBuilder()
                .escalation(
                    policy.escalateTo() == null
                        ? null
                        : new Escalation(policy.escalateTo(), ReminderTimes.half(opened, expires)))
                .build();
    noteUnknownBase(toDecide.seen().champion());
    journey.desk().open(request, policy);
    journey.progress().waiting(request);
    journey.noticeSender().asked(request);
    return request;
  }

  private PromotionEnd rejected(Request request, String why, String otherwise) {
    Problem problem = problem(target, "approval " + request.name(), why, otherwise);
    journey.progress().steps().failed(StepNames.hop(target, "approve"), problem);
    return new PromotionEnd(PromotionState.REJECTED, problem);
  }

  private String sameAgain() {
    return "this one again: " + Repeat.of(journey.start());
  }

  /**
   * That a candidate doesn't go on.
   *
   * @param otherwise what to do instead of promoting a better commit
   */
  static Problem problem(Station target, String tried, String cameBack, String otherwise) {
    return Problem.of(
        FailureKind.USER,
        tried,
        "workspace " + target.workspace(),
        cameBack,
        "Nothing changed in " + target.workspace() + "; promote a better commit, or " + otherwise);
  }

  private static String comment(Decision decision) {
    return decision.comment() == null ? "" : ": " + decision.comment();
  }
}
