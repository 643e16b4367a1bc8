package dev.portage.promotion;

import dev.portage.approval.Decision;
import dev.portage.approval.Refusal;
import dev.portage.approval.Request;
import dev.portage.candidate.Candidate;
import dev.portage.failure.Problem;
import dev.portage.gate.Evidence;
import dev.portage.identity.PersonName;
import dev.portage.registry.ModelName;
import dev.portage.registry.ModelVersion;
import dev.portage.release.Release;
import dev.portage.release.Unfinished;
import dev.portage.settings.EffectiveValue;
import dev.portage.step.StepView;
import dev.portage.text.Bounded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything there is to say about a promotion: the answer to the query {@code status}, the
 * workflow's result, the detail of its failure, and what {@code --output json} prints.
 *
 * @param id workflow id
 * @param model name of the model
 * @param state its state
 * @param says one line: what it does, or why it waits and who may act
 * @param next the command that carries it on, null when nobody has to act
 * @param commit full id of the commit, null when unknown
 * @param fileHash SHA-256 of the file it was started with
 * @param startedBy who started it
 * @param committer who made the commit, null when unknown
 * @param started when
 * @param ended when it ended, null while it runs
 * @param path names of the workspaces in order; empty before {@code prepare}
 * @param steps every step so far and to come, in order
 * @param candidate the exact thing, null before {@code register}
 * @param versions versions that it made, in order of the path
 * @param request the open request, null when none is open
 * @param requests closed and open requests, in order
 * @param decisions what counted
 * @param refused what did not count, newest last, at most 20
 * @param notices things that approvers and owners should know
 * @param problem why it stopped or failed, null otherwise
 * @param releases what is live through it
 * @param settings every value in force with its origin
 * @param unfinished what follows from its releases and is not done yet, or was not done when it
 *     ended; null in what was written before there was such a list
 * @param people everyone else who had a hand in the commit, null if unknown
 * @param leftOut how many entries of which list are left out, so that it stays small enough for
 *     Temporal; null where it is whole
 * @param gaps what is not known of who made what is promoted, a line each; null for nothing
 * @param evidence what the gates said that rejected it, so that nobody was asked; null otherwise
 * @param undelivered notices that have not arrived, a line each; null for nothing
 */
public record PromotionView(
    String id,
    String model,
    PromotionState state,
    String says,
    @Nullable String next,
    @Nullable String commit,
    String fileHash,
    String startedBy,
    @Nullable String committer,
    Instant started,
    @Nullable Instant ended,
    List<String> path,
    List<StepView> steps,
    @Nullable Candidate candidate,
    List<ModelVersion> versions,
    @Nullable String request,
    List<Request> requests,
    List<Decision> decisions,
    List<Refusal> refused,
    List<String> notices,
    @Nullable Problem problem,
    List<Release> releases,
    List<EffectiveValue> settings,
    @Nullable List<Unfinished> unfinished,
    @Nullable List<String> people,
    @Nullable Map<String, Integer> leftOut,
    @Nullable List<String> gaps,
    @Nullable Evidence evidence,
    @Nullable List<String> undelivered) {

  /** Temporal takes no longer ids. */
  private static final int LONGEST_ID = 1_000;

  private static final int NOTICE = 1_000;

  public PromotionView {
    id = Bounded.line(id, LONGEST_ID);
    model = Bounded.line(model, Bounded.NAME);
    says = Bounded.line(says, Bounded.COMMENT);
    startedBy = Bounded.line(startedBy, Bounded.PERSON);
    committer = committer == null ? null : Bounded.line(committer, Bounded.PERSON);
    path = List.copyOf(path);
    steps = List.copyOf(steps);
    versions = List.copyOf(versions);
    requests = List.copyOf(requests);
    decisions = List.copyOf(decisions);
    refused = List.copyOf(refused);
    notices = notices.stream().map(notice -> Bounded.line(notice, NOTICE)).toList();
    releases = List.copyOf(releases);
    settings = List.copyOf(settings);
    unfinished = unfinished == null ? null : List.copyOf(unfinished);
    people =
        people == null
            ? null
            : people.stream().map(name -> Bounded.line(name, Bounded.PERSON)).toList();
    leftOut = leftOut == null ? null : Collections.unmodifiableMap(new TreeMap<>(leftOut));
    gaps = gaps == null ? null : gaps.stream().map(gap -> Bounded.line(gap, NOTICE)).toList();
    undelivered =
        undelivered == null
            ? null
            : undelivered.stream().map(line -> Bounded.line(line, NOTICE)).toList();
  }

  /** One to be filled in: of these, none may be missing. */
  public static PromotionViewBuilder of(
      String id,
      String model,
      PromotionState state,
      String says,
      String fileHash,
      String startedBy,
      Instant started) {
    return new PromotionViewBuilder(id, model, state, says, fileHash, startedBy, started);
  }

  /** This one, to be changed. */
  public PromotionViewBuilder toBuilder() {
    return PromotionViewBuilder.of(this);
  }

  /** What is not known of who made it; empty where all is. */
  public List<String> notKnown() {
    return gaps == null ? List.of() : gaps;
  }

  /** Notices that have not arrived; empty when all have. */
  public List<String> undeliveredNotices() {
    return undelivered == null ? List.of() : undelivered;
  }

  /** What is unfinished of its releases; empty when nothing is. */
  public List<Unfinished> left() {
    return unfinished == null ? List.of() : unfinished;
  }

  /** The same promotion after someone finished something: what is still unfinished. */
  public PromotionView leaving(List<Unfinished> still) {
    return toBuilder().next(still.isEmpty() ? null : next).unfinished(still).build();
  }

  /** The same promotion, with another line on what it does or waits for. */
  public PromotionView saying(String line) {
    return toBuilder().says(line).build();
  }

  /** The model as commands take it where it is registered: see {@link ModelName#typed}. */
  public String typedAt(String workspace) {
    String setting = workspace + ".model";
    return Stream.concat(
            releases.stream()
                .filter(release -> release.workspace().equals(workspace))
                .map(Release::model),
            settings.stream()
                .filter(value -> value.name().equals(setting))
                .map(EffectiveValue::value))
        .findFirst()
        .map(registered -> ModelName.typed(model, registered))
        .orElse(model);
  }

  /** Whether it waits for its turn in a workspace. */
  public boolean waitsForTurn() {
    return state == PromotionState.RUNNING
        && steps.stream()
            .anyMatch(
                step -> step.state() == StepView.State.RUNNING && StepNames.isTurn(step.name()));
  }

  /** The step that moves traffic now; empty while none does. */
  public Optional<StepView> movesTraffic() {
    return steps.stream().filter(step -> step.traffic() != null).findFirst();
  }

  /** People who may not approve, since they had a hand in it, each once. */
  public List<String> barred() {
    List<String> names = new ArrayList<>();
    names.add(startedBy);
    if (committer != null) {
      names.add(committer);
    }
    if (people != null) {
      names.addAll(people);
    }
    Set<String> seen = new HashSet<>();
    return names.stream().filter(name -> seen.add(PersonName.compared(name))).toList();
  }

  /**
   * Whether a cancel is not heard any more: the champion of the last workspace moves, or has moved.
   */
  public boolean pastNoReturn() {
    return !path.isEmpty()
        && steps.stream()
            .filter(step -> step.name().equals(path.getLast() + "/" + StepNames.CHAMPION))
            .anyMatch(step ->
                step.state() == StepView.State.RUNNING || step.state() == StepView.State.DONE);
  }
}
