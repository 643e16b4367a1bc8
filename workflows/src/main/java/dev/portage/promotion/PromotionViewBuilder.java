package dev.portage.promotion;

import dev.portage.approval.Decision;
import dev.portage.approval.Refusal;
import dev.portage.approval.Request;
import dev.portage.candidate.Candidate;
import dev.portage.failure.Problem;
import dev.portage.gate.Evidence;
import dev.portage.registry.ModelVersion;
import dev.portage.release.Release;
import dev.portage.release.Unfinished;
import dev.portage.settings.EffectiveValue;
import dev.portage.step.StepView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills in a {@link PromotionView} by name; what is not named is null or empty. */
public final class PromotionViewBuilder {
  private final String id;
  private final String model;
  private final PromotionState state;
  private String says;
  private @Nullable String next;
  private @Nullable String commit;
  private final String fileHash;
  private final String startedBy;
  private @Nullable String committer;
  private final Instant started;
  private @Nullable Instant ended;
  private List<String> path = List.of();
  private List<StepView> steps = List.of();
  private @Nullable Candidate candidate;
  private List<ModelVersion> versions = List.of();
  private @Nullable String request;
  private List<Request> requests = List.of();
  private List<Decision> decisions = List.of();
  private List<Refusal> refused = List.of();
  private List<String> notices = List.of();
  private @Nullable Problem problem;
  private List<Release> releases = List.of();
  private List<EffectiveValue> settings = List.of();
  private @Nullable List<Unfinished> unfinished;
  private @Nullable List<String> people;
  private @Nullable Map<String, Integer> leftOut;
  private @Nullable List<String> gaps;
  private @Nullable Evidence evidence;
  private @Nullable List<String> undelivered;

  PromotionViewBuilder(
      String id,
      String model,
      PromotionState state,
      String says,
      String fileHash,
      String startedBy,
      Instant started) {
    this.id = id;
    this.model = model;
    this.state = state;
    this.says = says;
    this.fileHash = fileHash;
    this.startedBy = startedBy;
    this.started = started;
  }

  static PromotionViewBuilder of(PromotionView one) {
    PromotionViewBuilder builder =
        new PromotionViewBuilder(
            one.id(),
            one.model(),
            one.state(),
            one.says(),
            one.fileHash(),
            one.startedBy(),
            one.started());
    builder.next = one.next();
    builder.commit = one.commit();
    builder.committer = one.committer();
    builder.ended = one.ended();
    builder.path = one.path();
    builder.steps = one.steps();
    builder.candidate = one.candidate();
    builder.versions = one.versions();
    builder.request = one.request();
    builder.requests = one.requests();
    builder.decisions = one.decisions();
    builder.refused = one.refused();
    builder.notices = one.notices();
    builder.problem = one.problem();
    builder.releases = one.releases();
    builder.settings = one.settings();
    builder.unfinished = one.unfinished();
    builder.people = one.people();
    builder.leftOut = one.leftOut();
    builder.gaps = one.gaps();
    builder.evidence = one.evidence();
    builder.undelivered = one.undelivered();
    return builder;
  }

  /** One line: what it does, or why it waits and who may act. */
  public PromotionViewBuilder says(String says) {
    this.says = says;
    return this;
  }

  /** The command that carries it on, null when nobody has to act. */
  public PromotionViewBuilder next(@Nullable String next) {
    this.next = next;
    return this;
  }

  /** Full id of the commit, null when unknown. */
  public PromotionViewBuilder commit(@Nullable String commit) {
    this.commit = commit;
    return this;
  }

  /** Who made the commit, null when unknown. */
  public PromotionViewBuilder committer(@Nullable String committer) {
    this.committer = committer;
    return this;
  }

  /** When it ended, null while it runs. */
  public PromotionViewBuilder ended(@Nullable Instant ended) {
    this.ended = ended;
    return this;
  }

  /** Names of the workspaces in order; empty before {@code prepare}. */
  public PromotionViewBuilder path(List<String> path) {
    this.path = path;
    return this;
  }

  /** Every step so far and to come, in order. */
  public PromotionViewBuilder steps(List<StepView> steps) {
    this.steps = steps;
    return this;
  }

  /** The exact thing, null before {@code register}. */
  public PromotionViewBuilder candidate(@Nullable Candidate candidate) {
    this.candidate = candidate;
    return this;
  }

  /** Versions that it made, in order of the path. */
  public PromotionViewBuilder versions(List<ModelVersion> versions) {
    this.versions = versions;
    return this;
  }

  /** The open request, null when none is open. */
  public PromotionViewBuilder request(@Nullable String request) {
    this.request = request;
    return this;
  }

  /** Closed and open requests, in order. */
  public PromotionViewBuilder requests(List<Request> requests) {
    this.requests = requests;
    return this;
  }

  /** What counted. */
  public PromotionViewBuilder decisions(List<Decision> decisions) {
    this.decisions = decisions;
    return this;
  }

  /** What did not count, newest last, at most 20. */
  public PromotionViewBuilder refused(List<Refusal> refused) {
    this.refused = refused;
    return this;
  }

  /** Things that approvers and owners should know. */
  public PromotionViewBuilder notices(List<String> notices) {
    this.notices = notices;
    return this;
  }

  /** Why it stopped or failed, null otherwise. */
  public PromotionViewBuilder problem(@Nullable Problem problem) {
    this.problem = problem;
    return this;
  }

  /** What is live through it. */
  public PromotionViewBuilder releases(List<Release> releases) {
    this.releases = releases;
    return this;
  }

  /** Every value in force with its origin. */
  public PromotionViewBuilder settings(List<EffectiveValue> settings) {
    this.settings = settings;
    return this;
  }

  /**
   * What follows from its releases and is not done yet, or was not done when it ended; null in what
   * was written before there was such a list.
   */
  public PromotionViewBuilder unfinished(@Nullable List<Unfinished> unfinished) {
    this.unfinished = unfinished;
    return this;
  }

  /** Everyone else who had a hand in the commit, null if unknown. */
  public PromotionViewBuilder people(@Nullable List<String> people) {
    this.people = people;
    return this;
  }

  /**
   * How many entries of which list are left out, so that it stays small enough for Temporal; null
   * where it is whole.
   */
  public PromotionViewBuilder leftOut(@Nullable Map<String, Integer> leftOut) {
    this.leftOut = leftOut;
    return this;
  }

  /** What is not known of who made what is promoted, a line each; null for nothing. */
  public PromotionViewBuilder gaps(@Nullable List<String> gaps) {
    this.gaps = gaps;
    return this;
  }

  /** What the gates said that rejected it, so that nobody was asked; null otherwise. */
  public PromotionViewBuilder evidence(@Nullable Evidence evidence) {
    this.evidence = evidence;
    return this;
  }

  /** Notices that have not arrived, a line each; null for nothing. */
  public PromotionViewBuilder undelivered(@Nullable List<String> undelivered) {
    this.undelivered = undelivered;
    return this;
  }

  /** The record. */
  public PromotionView build() {
    return new PromotionView(
        id,
        model,
        state,
        says,
        next,
        commit,
        fileHash,
        startedBy,
        committer,
        started,
        ended,
        path,
        steps,
        candidate,
        versions,
        request,
        requests,
        decisions,
        refused,
        notices,
        problem,
        releases,
        settings,
        unfinished,
        people,
        leftOut,
        gaps,
        evidence,
        undelivered);
  }
}
