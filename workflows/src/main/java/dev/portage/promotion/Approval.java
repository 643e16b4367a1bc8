package dev.portage.promotion;

import dev.portage.activity.Stubs;
import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Decision;
import dev.portage.approval.Escalation;
import dev.portage.approval.Request;
import dev.portage.candidate.Candidate;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.gate.Comparison;
import dev.portage.gate.EvaluationActivities;
import dev.portage.gate.EvaluationOrder;
import dev.portage.gate.Evidence;
import dev.portage.gate.GateInput;
import dev.portage.gate.GateOutcome;
import dev.portage.gate.GateResult;
import dev.portage.identity.Authorship;
import dev.portage.job.JobActivities;
import dev.portage.job.JobOrder;
import dev.portage.job.JobQuery;
import dev.portage.job.JobState;
import dev.portage.job.SettingChange;
import dev.portage.job.Source;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.ReminderTimes;
import dev.portage.plan.Plan;
import dev.portage.plan.Planner;
import dev.portage.registry.Champion;
import dev.portage.registry.ModelQuery;
import dev.portage.registry.RegistryActivities;
import dev.portage.release.RecordQuery;
import dev.portage.release.Release;
import dev.portage.release.ReleaseActivities;
import dev.portage.scoring.Rehearsal;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.settings.BatchSettings;
import dev.portage.settings.Station;
import dev.portage.temporal.Changes;
import dev.portage.temporal.Queues;
import dev.portage.tracking.TrainedRun;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Steps {@code evaluate} and {@code approve} of a hop: the gates' results, and who approves them.
 */
final class Approval {

  private final Journey journey;
  private final Candidate candidate;
  private final TrainedRun trained;
  private final @Nullable Rehearsal rehearsal;
  private final Station target;
  private final Comparing comparing;

  /** For what is only shown. */
  private static final Duration SETTINGS = Duration.ofSeconds(30);

  private @Nullable Shown shown;

  /**
   * The subject of a decision: what is live, what will change, what the gates say.
   *
   * @param comparison both measured on the same data, null where each was measured by its training
   */
  record Shown(Planner.Now now, Plan plan, Evidence evidence, @Nullable Comparison comparison) {}

  /** Why something is read. */
  private enum Reading {
    /** For people, who also see which versions exist. */
    TO_SHOW,
    TO_COMPARE,
    /** While others may be held up: it waits for no worker. */
    WITHOUT_WAITING
  }

  Approval(
      Journey journey,
      Candidate candidate,
      TrainedRun trained,
      @Nullable Rehearsal rehearsal,
      Station target) {
    this.journey = journey;
    this.candidate = candidate;
    this.trained = trained;
    this.rehearsal = rehearsal;
    this.target = target;
    this.comparing = new Comparing(journey, candidate, target);
  }

  /** Evaluates the gates. A failed gate rejects the promotion. */
  void evaluate() {
    shown =
        journey
            .steps()
            .resumable(
                StepNames.hop(target, "evaluate"),
                Shown.class,
                target.workspace(),
                attempt -> {
                  Shown found = look(attempt);
                  return Made.of(found, describe(found.evidence()));
                });
    refuseFailedGates(shown.evidence());
  }

  /** The decision does not stand: evaluates the gates again, then asks people again. */
  void reopen() {
    journey.journal().forget(StepNames.hop(target, "evaluate"));
    journey.journal().forget(StepNames.hop(target, "approve"));
    evaluate();
    approve();
  }

  /** Opens a request and waits, for days if need be. */
  void approve() {
    String step = StepNames.hop(target, "approve");
    if (journey.journal().has(step)) {
      return;
    }
    Shown toDecide = Objects.requireNonNull(shown, "evaluate comes first");
    ApprovalPolicy policy =
        Objects.requireNonNull(
            journey.settings().approvals().get(target.workspace()), "every target has a policy");
    boolean needsPerson = toDecide.evidence().outcome() == GateOutcome.INCONCLUSIVE;
    if (policy.groups().isEmpty() && !needsPerson) {
      journey
          .progress()
          .skipped(step, "tier " + policy.tier() + " needs no approval if all gates pass");
      return;
    }
    String decided =
        journey.steps().once(step, target.workspace(), attempt -> await(toDecide, policy));
    journey.journal().put(step, decided);
  }

  /** Like {@link #stillStands(Planner.Now)}, with what is now read for it. */
  boolean stillStands() {
    return stillStands(now());
  }

  /**
   * Whether the decisions stand against the current champion; everything else was checked before.
   */
  boolean standsAgainstTheChampion() {
    Shown decided = Objects.requireNonNull(shown, "evaluate comes first");
    return stillStands(
        new Planner.Now(champion().orElse(null), decided.now().job(), decided.now().unseen()));
  }

  /**
   * Under the turn: compares every 'now' of the plan with what is live. Decisions stand if the
   * approvers saw this very champion, or if only the champion has moved and the gates against the
   * new one pass; if they are inconclusive, a person decides again.
   *
   * @return whether the decisions stand
   */
  boolean stillStands(Planner.Now now) {
    Shown decided = Objects.requireNonNull(shown, "evaluate comes first");
    Plan plan = plan(now.asKnownTo(decided.now()));
    if (plan.equals(decided.plan())) {
      return true;
    }
    if (!Planner.sameButChampion(
        Changes.made(Changes.A_RELEASE_MOVES_ITS_JOB, target)
            ? plan(now.asKnownTo(decided.now()).withoutTheChampionsJob(decided.now()))
            : plan,
        decided.plan())) {
      journey
          .progress()
          .notice("what is live in " + target.workspace() + " changed since the approval");
      return false;
    }
    // Nothing is measured while others wait: what was measured against another version is no
    // answer.
    Evidence again = ask(now, plan, decided.comparison());
    GateOutcome outcome = again.outcome();
    boolean stands =
        Changes.made(Changes.STANDS_WHERE_THE_GATES_PASS)
            ? outcome == GateOutcome.PASS
            : outcome == decided.evidence().outcome();
    journey
        .progress()
        .notice(
            "the champion of "
                + target.workspace()
                + " is now "
                + (now.championVersion() == null ? "none" : "version " + now.championVersion())
                + "; the gates against it: "
                + outcome
                + (stands
                    ? ", so the decisions stand"
                    : outcome == GateOutcome.FAIL
                        ? ", so earlier decisions no longer stand"
                        : ", so a new request opens"));
    if (stands) {
      shown =
          new Shown(now, plan.showing(decided.plan().jobSettings()), again, decided.comparison());
      journey.journal().put(StepNames.hop(target, "evaluate"), shown);
    }
    return stands;
  }

  /** Version that was champion when last read, null for none. */
  @Nullable String championVersion() {
    return shown == null ? null : shown.now().championVersion();
  }

  private Shown look(Attempt attempt) {
    Planner.Now now = now(Reading.TO_SHOW);
    Plan plan = plan(now);
    List<SettingChange> settings = jobSettings(now);
    Comparison comparison = comparing.compare(now.champion(), attempt);
    return new Shown(now, plan.showing(settings), ask(now, plan, comparison), comparison);
  }

  /**
   * The scoring job's changed settings, only for display: one attempt, and the promotion continues
   * without them. Null if there are none to show.
   */
  private @Nullable List<SettingChange> jobSettings(Planner.Now now) {
    BatchSettings batch = journey.settings().batchAt(target);
    Source source = journey.start().source();
    if (batch == null
        || batch.isTheirJob()
        || source == null
        || !Changes.made(Changes.PLANS_SHOW_JOB_SETTINGS, target)) {
      return null;
    }
    JobOrder planned =
        JobOrder.planned(
                target.workspace(),
                batch,
                journey.settings().model(),
                target.model(),
                source,
                Planner.NEW_VERSION,
                journey.id())
            .seenAs(now.job());
    try {
      return Stubs.single(
              JobActivities.class,
              Queues.of(target.workspace()),
              SETTINGS,
              "what changes in the settings of job " + batch.job())
          .previewJob(planned)
          .changes();
    } catch (ActivityFailure failure) {
      CancellationScope.throwCanceled();
      // An older worker can't tell, and the steps that need an unavailable workspace retry on their
      // own.
      return null;
    }
  }

  /** The scoring job when last read, null for none. */
  @Nullable JobState job() {
    return shown == null ? null : shown.now().job();
  }

  /** Who is champion in the target. */
  Optional<Champion> champion() {
    return champion(Reading.TO_COMPARE);
  }

  /** The same while others may be held up: it waits for no worker. */
  Optional<Champion> championWithoutWaiting() {
    return champion(Reading.WITHOUT_WAITING);
  }

  /** What is live in the target, as far as the hop changes it. */
  Planner.Now now() {
    return now(Reading.TO_COMPARE);
  }

  /** The same while others may be held up: it waits for no worker. */
  Planner.Now nowWithoutWaiting() {
    return now(Reading.WITHOUT_WAITING);
  }

  private Optional<Champion> champion(Reading reading) {
    ModelQuery query = championQuery();
    return ask(RegistryActivities.class, "the champion of " + target.model(), reading)
        .champion(reading == Reading.TO_SHOW ? query.andVersions() : query);
  }

  /** Reads the champion, with the metrics that gates use. */
  ModelQuery championQuery() {
    return new ModelQuery(
        target.workspace(), target.model(), target.marking(), journey.gatedMetrics(), null);
  }

  /** Reads the scoring job; null if there is to be none. */
  @Nullable JobQuery jobQuery() {
    BatchSettings batch = journey.settings().batchAt(target);
    if (batch == null) {
      return null;
    }
    return batch.isTheirJob()
        ? JobQuery.ofTheirs(target.workspace(), batch.job(), journey.settings().model())
        : new JobQuery(target.workspace(), batch.job(), journey.settings().model(), journey.id());
  }

  private Planner.Now now(Reading reading) {
    JobQuery job = jobQuery();
    if (job == null) {
      return new Planner.Now(champion(reading).orElse(null), null);
    }
    Planner.Now listed = listed(job, reading);
    Long id =
        listed.job() == null && !job.asksForTheirs()
            ? recordedJob(listed.champion(), reading)
            : null;
    return id == null ? listed : recorded(listed.champion(), job.recordedAs(id), id, reading);
  }

  private Planner.Now listed(JobQuery query, Reading reading) {
    if (!Changes.made(Changes.LOOKS_TOGETHER, target)) {
      return new Planner.Now(champion(reading).orElse(null), job(query, reading).orElse(null));
    }
    Promise<Optional<Champion>> champion = Async.function(() -> champion(reading));
    Promise<Optional<JobState>> job = Async.function(() -> job(query, reading));
    Promise.allOf(champion, job).get();
    return new Planner.Now(champion.get().orElse(null), job.get().orElse(null));
  }

  private Optional<JobState> job(JobQuery query, Reading reading) {
    return ask(JobActivities.class, "the job " + query.name(), reading).findJob(query);
  }

  /**
   * The job that the champion's release recorded, null for none. If a stale list shows no job,
   * people would be asked about a new one, and again when the real one appears.
   */
  private @Nullable Long recordedJob(@Nullable Champion champion, Reading reading) {
    String run = champion == null ? null : champion.version().runId();
    if (run == null || !Changes.made(Changes.LOOKS_FOR_THE_RECORDED_JOB, target)) {
      return null;
    }
    try {
      return ask(ReleaseActivities.class, "the previous release's job", reading)
          .recorded(new RecordQuery(target.workspace(), run))
          .map(Release::jobId)
          .orElse(null);
    } catch (TemporalFailure unreadable) {
      CancellationScope.throwCanceled();
      // A deleted run says nothing, and the list has said that there is no job.
      return null;
    }
  }

  private Planner.Now recorded(
      @Nullable Champion champion, JobQuery query, long id, Reading reading) {
    try {
      return new Planner.Now(champion, job(query, reading).orElse(null));
    } catch (ActivityFailure failure) {
      CancellationScope.throwCanceled();
      Problem problem = Failures.problemOf(failure, "read job " + id, target.workspace());
      if (problem.kind() != FailureKind.USER) {
        throw failure;
      }
      return new Planner.Now(champion, null, id);
    }
  }

  private <T> T ask(Class<T> type, String what, Reading reading) {
    String queue = Queues.of(target.workspace());
    Duration timeout = journey.settings().retryTimeout();
    return reading == Reading.WITHOUT_WAITING
        ? Stubs.afterwards(type, queue, timeout, what)
        : Stubs.quick(type, queue, timeout, what);
  }

  private Plan plan(Planner.Now now) {
    return Planner.plan(
        journey.settings(), target, now, journey.start().source(), candidate.manifest());
  }

  private Evidence ask(Planner.Now now, Plan plan, @Nullable Comparison comparison) {
    return Stubs.here(
            EvaluationActivities.class,
            "gates/" + target.workspace(),
            journey.settings().retryTimeout(),
            "evaluate the gates for " + target.workspace())
        .evaluate(
            new EvaluationOrder(
                new GateInput(
                    target.workspace(),
                    trained.metrics(),
                    candidate.commit(),
                    journey.settings().thresholds(),
                    now.champion(),
                    journey.start().ancestry(),
                    journey.start().allowOlder(),
                    comparison,
                    rehearsal),
                candidate.manifest().digest(),
                plan));
  }

  private Made<String> await(Shown toDecide, ApprovalPolicy policy) {
    ApprovalDesk desk = journey.desk();
    // Another run of the workflow may have opened it.
    @Nullable Request opened = desk.openRequest().orElse(null);
    Request request = opened == null ? open(toDecide, policy) : opened;
    boolean decided;
    Optional<Decision> rejection;
    CancellationScope reminders = Reminders.begin(journey.telling(), journey.progress(), request);
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
      journey.telling().endsAs(NoticeKind.DECIDED);
      throw rejected(request, "rejected by " + rejection.get().by() + comment(rejection.get()));
    }
    if (!decided) {
      journey.telling().endsAs(NoticeKind.EXPIRED);
      throw rejected(request, "nobody decided within " + policy.expires().toDays() + " days");
    }
    journey.progress().running(StepNames.hop(target, "approve"));
    journey.telling().approved(request);
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

  private Request open(Shown toDecide, ApprovalPolicy policy) {
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
            expires,
            policy.escalateTo() == null
                ? null
                : new Escalation(policy.escalateTo(), ReminderTimes.half(opened, expires)));
    noteUnknownBase(toDecide.now().champion());
    journey.desk().open(request, policy);
    journey.progress().waiting(request);
    journey.telling().asked(request);
    return request;
  }

  private PromotionEnd rejected(Request request, String why) {
    journey
        .progress()
        .failed(StepNames.hop(target, "approve"), problem("approval " + request.name(), why));
    return new PromotionEnd(PromotionState.REJECTED, problem("approval " + request.name(), why));
  }

  private void refuseFailedGates(Evidence evidence) {
    List<String> failed =
        evidence.results().stream()
            .filter(result -> result.outcome() == GateOutcome.FAIL)
            .map(Approval::describe)
            .toList();
    if (!failed.isEmpty()) {
      Problem problem = problem("the gates", String.join("; ", failed));
      journey.progress().failed(StepNames.hop(target, "evaluate"), problem);
      journey.progress().rejectedOn(evidence);
      throw new PromotionEnd(PromotionState.REJECTED, problem);
    }
  }

  private Problem problem(String tried, String cameBack) {
    return Problem.of(
        FailureKind.USER,
        tried,
        "hop to " + target.workspace(),
        cameBack,
        "Nothing changed in "
            + target.workspace()
            + "; start a new promotion with a better commit.");
  }

  private static String describe(Evidence evidence) {
    return evidence.outcome()
        + ": "
        + String.join("; ", evidence.results().stream().map(Approval::describe).toList());
  }

  private static String describe(GateResult result) {
    return result.gate() + " " + result.measured() + ", required: " + result.required();
  }

  private static String comment(Decision decision) {
    return decision.comment() == null ? "" : ": " + decision.comment();
  }
}
