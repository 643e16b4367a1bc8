package dev.portage.promotion;

import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Escalation;
import dev.portage.approval.Needed;
import dev.portage.approval.Request;
import dev.portage.candidate.Candidate;
import dev.portage.failure.Problem;
import dev.portage.freeze.Freeze;
import dev.portage.gate.Evidence;
import dev.portage.identity.Involved;
import dev.portage.identity.Involved.Hand;
import dev.portage.release.Unfinished;
import dev.portage.settings.Settings;
import dev.portage.step.StepList;
import dev.portage.step.StepView;
import dev.portage.step.StepWatcher;
import dev.portage.step.StepsState;
import dev.portage.text.Bounded;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of a promotion for those who watch it: query, search attributes, current details and
 * metrics.
 */
final class PromotionProgress implements StepWatcher {

  /** Groups that one line names. */
  private static final int GROUPS_SAID = 10;

  /** The first and the last of more. */
  private static final int NOTICES_KEPT = 100;

  /** Bytes of that line. */
  private static final int SAID = 2_000;

  private final PromotionStart start;
  private final String id;
  private final ApprovalDesk desk;
  private final PromotionMetrics metrics;
  private final Instant started;
  private final StepList steps;
  private final Outcome outcome;
  private final Publisher publisher;
  private final List<String> notices = new ArrayList<>();
  private final List<String> gaps = new ArrayList<>();

  private PromotionState state = PromotionState.RUNNING;
  private String says = "starting";
  private int noticesLeft;
  private @Nullable String next;
  private @Nullable Instant ended;
  private @Nullable Settings settings;
  private @Nullable Candidate candidate;
  private @Nullable Problem problem;
  private @Nullable Evidence rejectedOn;
  private Supplier<List<String>> undelivered = List::of;

  PromotionProgress(PromotionStart start, ApprovalDesk desk) {
    this.start = start;
    this.desk = desk;
    this.metrics = new PromotionMetrics(desk);
    this.id = Workflow.getInfo().getWorkflowId();
    this.started = now();
    this.steps = new StepList(this, null);
    this.outcome = new Outcome();
    this.publisher = new Publisher(this::view, this::step, null, state);
    metrics.started();
    if (start.authorship() != null) {
      gaps.addAll(start.authorship().gaps());
    }
  }

  /**
   * As another run of the workflow left it.
   *
   * @param effective what is to be done, null before that was known
   */
  PromotionProgress(
      PromotionStart start,
      ApprovalDesk desk,
      ProgressState before,
      StepsState stepsBefore,
      @Nullable Settings effective) {
    this.start = start;
    this.desk = desk;
    this.metrics = new PromotionMetrics(desk);
    this.id = Workflow.getInfo().getWorkflowId();
    this.started = before.started();
    this.steps = new StepList(this, stepsBefore);
    this.outcome = new Outcome(before);
    this.publisher = new Publisher(this::view, this::step, stepsBefore.current(), before.state());
    notices.addAll(before.notices());
    gaps.addAll(before.gaps());
    state = before.state();
    says = before.says();
    noticesLeft = before.noticesLeft();
    next = before.next();
    settings = effective;
    candidate = before.candidate();
    problem = before.problem();
  }

  /** Its state, for another run of the workflow. */
  ProgressState standing() {
    return ProgressState.of(state, says, started)
        .next(next)
        .candidate(candidate)
        .versions(outcome.versions())
        .notices(notices, noticesLeft)
        .problem(problem)
        .releases(outcome.releases())
        .left(outcome.left())
        .liveBefore(outcome.liveBefore())
        .unfinished(outcome.unfinished())
        .notKnown(outcome.notKnown())
        .gaps(gaps)
        .build();
  }

  static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }

  /** Lists the steps to come, so that people see the whole way from the beginning. */
  void settings(Settings effective) {
    settings = effective;
    steps.toCome(StepNames.of(effective));
  }

  /** What people see of the steps. */
  StepList steps() {
    return steps;
  }

  /** The step that started last. */
  String step() {
    String current = steps.current();
    return current == null ? StepNames.PREPARE : current;
  }

  @Override
  public void changed() {
    publish();
  }

  @Override
  public void ended(String step, StepView.State how, Duration took) {
    metrics.stepEnded(step, origin(), how, took);
  }

  /** Name of the first workspace. */
  private String origin() {
    return settings == null
        ? PromotionMetrics.NO_WORKSPACE
        : settings.path().getFirst().workspace();
  }

  @Override
  public void running(String what) {
    become(PromotionState.RUNNING, what, null);
    problem = null;
  }

  /** Waits for an approval. */
  void waiting(Request request) {
    become(PromotionState.WAITING, "", "portage approve " + id + " --request " + request.name());
  }

  /** Who is missing changes with each decision, so that line is built on demand. */
  private String says() {
    return state == PromotionState.WAITING
        ? desk.openRequest().map(this::waitsFor).orElse(says)
        : says;
  }

  private String waitsFor(Request request) {
    return "waiting for approval "
        + request.name()
        + " until "
        + request.expires().truncatedTo(ChronoUnit.MINUTES)
        + ": "
        + Needed.text(desk.missingGroups().stream().limit(GROUPS_SAID).toList())
        + alsoNeeded(request)
        + desk.heldUp().map(why -> "; " + why).orElse("");
  }

  private static String alsoNeeded(Request request) {
    Escalation escalation = request.escalation();
    return escalation == null || !escalation.hasBegun(now())
        ? ""
        : ", or " + Needed.anyOf(escalation.groups()) + " in place of any of them";
  }

  /** Waits for the order to resume. */
  void stopped(String step, Problem what) {
    problem = what;
    become(
        PromotionState.STOPPED,
        "stopped at " + step + ": " + what.cameBack(),
        what.needsAnotherPromotion() ? null : "portage resume " + id);
  }

  /** A freeze holds it up before it requests the turn. */
  void frozen(Freeze freeze) {
    become(
        PromotionState.FROZEN,
        "waiting for the end of a freeze: " + freeze.text() + ". " + freeze.remedy(),
        "portage resume " + id + " --break-glass --reason TEXT");
  }

  /** When the promotion began. */
  Instant started() {
    return started;
  }

  /** Someone requested the end; what that takes is still under way. */
  void cancelling(String text) {
    become(PromotionState.RUNNING, text, null);
  }

  void ended(PromotionState how, String text, @Nullable Problem what) {
    ended = now();
    problem = what;
    become(how, text, outcome.unfinished().isEmpty() ? null : "portage resume " + id);
    publishNow();
    metrics.ended(how, !outcome.unfinished().isEmpty());
  }

  void candidate(Candidate exact) {
    candidate = exact;
  }

  /** What it has made so far. */
  Outcome outcome() {
    return outcome;
  }

  /** Notes that it was live there before this run of the workflow, which changed nothing there. */
  void liveBefore(String version, String workspace) {
    outcome.liveBefore(version, workspace);
    // After a reset: a run before this one went on, and did them.
    steps.failedOnesAreNotNeeded(
        step -> step.startsWith(workspace + "/"), "not needed: it was already live");
  }

  /** What follows from its releases and is not done. */
  void unfinished(List<Unfinished> what) {
    outcome.unfinished(what);
    publish();
  }

  /** Notes that nobody could look whether it is live somewhere: no ending says that it is not. */
  void notKnown(String what) {
    outcome.notKnown(what);
    notice(what + "; check it");
  }

  /** Notes what is not known of who made what is promoted. */
  void gap(String text) {
    if (!gaps.contains(text)) {
      gaps.add(text);
    }
  }

  void notice(String text) {
    notices.add(text);
    if (notices.size() > NOTICES_KEPT) {
      notices.remove(NOTICES_KEPT / 2);
      noticesLeft++;
    }
    publish();
  }

  /** What is shown has changed: Temporal gets it once nothing more happens without waiting. */
  void publish() {
    publisher.changed();
  }

  /** Notes who knows which notices have not arrived. */
  void undeliveredNotices(Supplier<List<String>> notArrived) {
    undelivered = notArrived;
  }

  /** Notes what the gates said that reject it. */
  void rejectedOn(Evidence evidence) {
    rejectedOn = evidence;
  }

  /** Publishes from now on what has changed. To be called before anything else. */
  void keepPublishing() {
    publisher.start(this::publishNow);
  }

  /** Publishes at once: to be called at the end, after which nothing is published any more. */
  void publishNow() {
    metrics.messages();
    publisher.writeNow();
  }

  private void become(PromotionState newState, String newSays, @Nullable String newNext) {
    state = newState;
    says = newSays;
    next = newNext;
    publish();
  }

  /** What lists have lost while they grew. */
  private @Nullable Map<String, Integer> leftOut() {
    Map<String, Integer> left = new HashMap<>();
    if (noticesLeft > 0) {
      left.put("notices", noticesLeft);
    }
    int refusals = desk.refusedInAll() - desk.refusals().size();
    if (refusals > 0) {
      left.put("refused", refusals);
    }
    return left.isEmpty() ? null : left;
  }

  /** As much of it as one payload of Temporal's holds. */
  PromotionView shortView() {
    return ViewSize.fitted(view(), Bounded.RESULT);
  }

  /** Everyone else who had a hand in it, null if it was not checked. */
  private @Nullable List<String> people() {
    List<String> known = start.people();
    List<String> all = new ArrayList<>(known == null ? List.of() : known);
    desk.barred().stream()
        .filter(one -> one.hand() != Hand.STARTED && one.hand() != Hand.COMMITTED)
        .map(Involved::name)
        .filter(name -> !all.contains(name))
        .forEach(all::add);
    return known == null && all.isEmpty() ? null : all;
  }

  PromotionView view() {
    List<String> undeliveredNotices = undelivered.get();
    return PromotionView.of(
            id,
            start.model(),
            state,
            Bounded.line(says(), SAID),
            start.fileHash(),
            start.startedBy(),
            started)
        .next(next)
        .commit(start.commit())
        .committer(start.committer())
        .ended(ended)
        .path(
            settings == null
                ? List.of()
                : settings.path().stream().map(s -> s.workspace()).toList())
        .steps(steps.all())
        .candidate(candidate)
        .versions(outcome.versions())
        .request(desk.openRequest().map(Request::name).orElse(null))
        .requests(desk.requests())
        .decisions(desk.decisions())
        .refused(desk.refusals())
        .notices(notices)
        .problem(problem)
        .releases(outcome.releases())
        .settings(settings == null ? List.of() : settings.values())
        .unfinished(outcome.unfinished())
        .people(people())
        .leftOut(leftOut())
        .gaps(gaps.isEmpty() ? null : gaps)
        .evidence(rejectedOn)
        .undelivered(undeliveredNotices.isEmpty() ? null : undeliveredNotices)
        .build();
  }
}
