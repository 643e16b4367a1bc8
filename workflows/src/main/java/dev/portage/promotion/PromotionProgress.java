package dev.portage.promotion;

import dev.portage.approval.ApprovalDesk;
import dev.portage.approval.Escalation;
import dev.portage.approval.Needed;
import dev.portage.approval.Request;
import dev.portage.candidate.Candidate;
import dev.portage.failure.Problem;
import dev.portage.gate.Evidence;
import dev.portage.identity.Involved;
import dev.portage.identity.Involved.Hand;
import dev.portage.registry.ModelVersion;
import dev.portage.release.Release;
import dev.portage.release.Unfinished;
import dev.portage.settings.Settings;
import dev.portage.temporal.Changes;
import dev.portage.temporal.PromotionAttributes;
import dev.portage.text.Bounded;
import dev.portage.text.DetailsPage;
import io.temporal.common.SearchAttributeUpdate;
import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The state of a promotion for those who watch it: query, search attributes, current details and
 * metrics.
 */
final class PromotionProgress {

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
  private final Map<String, StepView> steps = new LinkedHashMap<>();
  private final List<ModelVersion> versions = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private final List<String> gaps = new ArrayList<>();
  private final List<Release> releases = new ArrayList<>();
  private final Map<String, String> left = new LinkedHashMap<>();
  private final List<String> liveBefore = new ArrayList<>();
  private List<Unfinished> unfinished = List.of();
  private @Nullable String notKnown;

  private PromotionState state = PromotionState.RUNNING;
  private String says = "starting";
  private String step = StepNames.PREPARE;
  private int noticesLeft;
  private boolean changed;
  private boolean publishesTogether;
  private @Nullable String toldStep;
  private @Nullable PromotionState toldState;
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
    this.toldState = state;
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
      PromotionStart start, ApprovalDesk desk, ProgressState before, @Nullable Settings effective) {
    this.start = start;
    this.desk = desk;
    this.metrics = new PromotionMetrics(desk);
    this.id = Workflow.getInfo().getWorkflowId();
    this.started = before.started();
    before.steps().forEach(view -> steps.put(view.name(), view));
    versions.addAll(before.versions());
    notices.addAll(before.notices());
    gaps.addAll(before.gaps());
    releases.addAll(before.releases());
    left.putAll(before.left());
    liveBefore.addAll(before.liveBefore());
    unfinished = before.unfinished();
    notKnown = before.notKnown();
    state = before.state();
    says = before.says();
    step = before.step();
    noticesLeft = before.noticesLeft();
    next = before.next();
    settings = effective;
    candidate = before.candidate();
    problem = before.problem();
    toldStep = step;
    toldState = state;
  }

  /** Its state, for another run of the workflow. */
  ProgressState standing() {
    return new ProgressState(
        state,
        says,
        next,
        step,
        started,
        List.copyOf(steps.values()),
        candidate,
        versions,
        notices,
        noticesLeft,
        problem,
        releases,
        left,
        liveBefore,
        unfinished,
        notKnown,
        gaps);
  }

  static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }

  /** Lists the steps to come, so that people see the whole way from the beginning. */
  void settings(Settings effective) {
    settings = effective;
    for (String name : StepNames.of(effective)) {
      steps.putIfAbsent(
          name, new StepView(name, StepView.State.PENDING, 1, null, null, null, null));
    }
    publish();
  }

  void begin(String name, int attempt) {
    step = name;
    StepView before = steps.get(step);
    Instant first = before == null || before.started() == null ? now() : before.started();
    steps.put(step, new StepView(step, StepView.State.RUNNING, attempt, first, null, null, null));
    if (!publishesTogether) {
      Workflow.upsertTypedSearchAttributes(
          PromotionAttributes.STEP.valueSet(PromotionAttributes.keyword(step)));
    }
    running(step);
  }

  /** The step that started last. */
  String step() {
    return step;
  }

  void done(String step, String made, @Nullable URI page) {
    end(step, StepView.State.DONE, made, page);
  }

  void failed(String step, Problem what) {
    end(step, StepView.State.FAILED, what.cameBack(), what.page());
  }

  void skipped(String step, String why) {
    steps.put(step, new StepView(step, StepView.State.SKIPPED, 1, null, null, why, null));
    publish();
  }

  private void end(String step, StepView.State how, String made, @Nullable URI page) {
    StepView view = steps.get(step);
    if (view == null || view.started() == null) {
      return;
    }
    Instant end = now();
    steps.put(step, new StepView(step, how, view.attempt(), view.started(), end, made, page));
    metrics.stepEnded(step, origin(), how, Duration.between(view.started(), end));
    publish();
  }

  /** Name of the first workspace. */
  private String origin() {
    return settings == null
        ? PromotionMetrics.NO_WORKSPACE
        : settings.path().getFirst().workspace();
  }

  void running(String what) {
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
        "portage resume " + id);
  }

  /** Someone requested the end; what that takes is still under way. */
  void cancelling(String text) {
    become(PromotionState.RUNNING, text, null);
  }

  void ended(PromotionState how, String text, @Nullable Problem what) {
    ended = now();
    problem = what;
    become(how, text, unfinished.isEmpty() ? null : "portage resume " + id);
    publishNow();
    metrics.ended(how, !unfinished.isEmpty());
  }

  void candidate(Candidate exact) {
    candidate = exact;
  }

  void version(ModelVersion made) {
    versions.add(made);
  }

  /** One that it made or adopted, as it was then. */
  Optional<ModelVersion> version(String workspace, String number) {
    return versions.stream()
        .filter(one -> one.workspace().equals(workspace) && one.version().equals(number))
        .findFirst();
  }

  /** Whether something of it is live, or nobody could look. */
  boolean isLiveSomewhere() {
    return !releases.isEmpty() || !liveBefore.isEmpty() || notKnown != null;
  }

  /** Notes what is live through it; of a workspace the last word counts. */
  void release(Release made) {
    releases.removeIf(before -> before.workspace().equals(made.workspace()));
    releases.add(made);
  }

  /** Notes that it was live there before this run of the workflow, which changed nothing there. */
  void liveBefore(String version, String workspace) {
    liveBefore.add("v" + version + " in " + workspace);
    // After a reset: a run before this one went on, and did them.
    List.copyOf(steps.values()).stream()
        .filter(view -> view.state() == StepView.State.FAILED)
        .filter(view -> view.name().startsWith(workspace + "/"))
        .forEach(view -> skipped(view.name(), "not needed: it was already live"));
  }

  /** What follows from its releases and is not done. */
  void unfinished(List<Unfinished> what) {
    unfinished = what;
    publish();
  }

  /** The same in one line each, for those who see no page; empty when nothing is. */
  List<String> unfinishedTexts() {
    return unfinished.stream().map(Unfinished::text).toList();
  }

  /** What is live through it, such as "v3 in prod"; empty while nothing is. */
  String live() {
    return releases.stream()
        .map(release -> "v" + release.version() + " in " + release.workspace())
        .collect(Collectors.joining(", "));
  }

  /** Notes that nobody could look whether it is live somewhere: no ending says that it is not. */
  void notKnown(String what) {
    notKnown = what;
    notice(what + "; check it");
  }

  /** What is live of it where it ends before its way does. */
  String stillLive() {
    if (notKnown != null) {
      return notKnown;
    }
    if (!live().isEmpty()) {
      return live() + " stays live";
    }
    return liveBefore.isEmpty() ? "nothing of it is live" : released();
  }

  /** The final result, such as "released v3 in prod". */
  String released() {
    String before =
        liveBefore.isEmpty()
            ? ""
            : "already released: " + String.join(", ", liveBefore) + "; nothing changed there";
    if (live().isEmpty()) {
      return before;
    }
    return "released " + live() + (before.isEmpty() ? "" : "; " + before);
  }

  /**
   * Notes what a step made and no compensation takes away.
   *
   * @param where replaces what was noted under the same name
   * @param what a few words, null when it is live now and so no leftover
   */
  void leaves(String where, @Nullable String what) {
    if (what == null) {
      left.remove(where);
    } else {
      left.put(where, what);
    }
  }

  /** What was made and is not live. */
  List<String> left() {
    return List.copyOf(left.values());
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

  /**
   * Publishes the state once everything in a workflow task has happened: a page for each of
   * thousands of messages would make a worker slower than they arrive, and each new search
   * attribute costs Temporal a write to its list.
   */
  void publish() {
    changed = true;
  }

  /** Notes who knows which notices have not arrived. */
  void tells(Supplier<List<String>> notArrived) {
    undelivered = notArrived;
  }

  /** Notes what the gates said that reject it. */
  void rejectedOn(Evidence evidence) {
    rejectedOn = evidence;
  }

  /** Starts publishing. Must be called before anything else. */
  void keepTelling() {
    publishesTogether = Changes.made(Changes.ATTRIBUTES_ARE_TOLD_TOGETHER);
    Async.procedure(() -> {
      while (true) {
        Workflow.await(() -> changed);
        publishNow();
      }
    });
  }

  /** Publishes immediately; must be called at the end, after which nothing is published. */
  void publishNow() {
    changed = false;
    metrics.messages();
    Workflow.setCurrentDetails(DetailsPage.of(PromotionPage.details(view())));
    if (publishesTogether) {
      publishAttributes();
    }
  }

  private void publishAttributes() {
    List<SearchAttributeUpdate<?>> updates = new ArrayList<>();
    if (!step.equals(toldStep)) {
      updates.add(PromotionAttributes.STEP.valueSet(PromotionAttributes.keyword(step)));
    }
    if (state != toldState) {
      updates.add(PromotionAttributes.STATE.valueSet(state.name()));
    }
    toldStep = step;
    toldState = state;
    if (!updates.isEmpty()) {
      Workflow.upsertTypedSearchAttributes(updates.toArray(SearchAttributeUpdate<?>[]::new));
    }
  }

  private void become(PromotionState newState, String newSays, @Nullable String newNext) {
    if (!publishesTogether && (newState != state || ended != null)) {
      Workflow.upsertTypedSearchAttributes(PromotionAttributes.STATE.valueSet(newState.name()));
    }
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
    List<String> notTold = undelivered.get();
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
        .steps(List.copyOf(steps.values()))
        .candidate(candidate)
        .versions(versions)
        .request(desk.openRequest().map(Request::name).orElse(null))
        .requests(desk.requests())
        .decisions(desk.decisions())
        .refused(desk.refusals())
        .notices(notices)
        .problem(problem)
        .releases(releases)
        .settings(settings == null ? List.of() : settings.values())
        .unfinished(unfinished)
        .people(people())
        .leftOut(leftOut())
        .gaps(gaps.isEmpty() ? null : gaps)
        .evidence(rejectedOn)
        .undelivered(notTold.isEmpty() ? null : notTold)
        .build();
  }
}
