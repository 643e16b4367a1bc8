package dev.portage.approval;

import dev.portage.approval.Decision.Channel;
import dev.portage.approval.Decision.Verdict;
import dev.portage.identity.Involved;
import dev.portage.identity.NameFault;
import dev.portage.settings.ApprovalPolicy;
import dev.portage.text.Bounded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The requests and decisions of one promotion. Has no clock and no thread: the workflow opens
 * requests, passes in messages with their time, and asks whether there is a decision.
 */
public final class ApprovalDesk {

  /** Stands in for a group if anyone who had no hand in the change may approve. */
  public static final String ANYBODY = "anybody";

  /**
   * Stands in for a second group if nobody knows who made what is approved: of two approvers, at
   * least one did not make it.
   */
  public static final String SECOND = "anybody else";

  private static final String CUT =
      "; only the first " + Bounded.COMMENT + " bytes of the comment were kept";

  private final List<Involved> involved = new ArrayList<>();
  private final List<Request> requests = new ArrayList<>();
  private final CountedDecisions decisions;
  private final Refusals refusals;
  private @Nullable Request open;
  private @Nullable ApprovalPolicy policy;
  private @Nullable String stop;
  private @Nullable Decision resumed;
  private @Nullable String heldUp;
  private boolean expired;
  private int stops;
  private boolean makersUnknown;

  /**
   * A desk with nothing on it.
   *
   * @param involved who had a hand in the change and so may not approve it
   */
  public ApprovalDesk(List<Involved> involved) {
    decisions = new CountedDecisions();
    refusals = new Refusals();
    bar(involved);
  }

  /** Notes who had a hand in the change, too, and so may not approve it. */
  public void bar(List<Involved> more) {
    for (Involved one : more) {
      if (involved.stream().noneMatch(other -> other.name().equals(one.name()))) {
        involved.add(one);
      }
    }
  }

  /** Everyone who may not approve, each once, with what they did first. */
  public List<Involved> barred() {
    return List.copyOf(involved);
  }

  /** Notes that it is not known who made what is to be approved. */
  public void makersAreUnknown() {
    makersUnknown = true;
  }

  /** Whom a request has to ask: one person each. */
  public List<String> groupsOf(ApprovalPolicy asked) {
    List<String> groups = asked.groups().isEmpty() ? List.of(ANYBODY) : asked.groups();
    return makersUnknown && groups.size() == 1 ? List.of(groups.getFirst(), SECOND) : groups;
  }

  /** A desk as another run of the workflow left it. */
  public ApprovalDesk(DeskState state) {
    bar(state.involved());
    makersUnknown = state.makersUnknown();
    requests.addAll(state.requests());
    decisions = new CountedDecisions(state.decisions(), state.counted());
    refusals = new Refusals(state.refusals(), state.refused());
    open =
        requests.stream()
            .filter(request -> request.name().equals(state.open()))
            .findFirst()
            .orElse(null);
    policy = state.policy();
    stop = state.stop();
    stops = state.stops();
  }

  /** The complete state. Not available while a request has expired but isn't closed. */
  public DeskState state() {
    return DeskState.of(involved, makersUnknown)
        .requests(requests, open == null ? null : open.name(), policy)
        .decisions(decisions.all(), decisions.byId())
        .refusals(refusals.newest(), refusals.number())
        .stops(stop, stops)
        .build();
  }

  /** Opens a request. Decisions about earlier ones no longer count. */
  public void open(Request request, ApprovalPolicy policyOfIt) {
    requests.add(request);
    open = request;
    policy = policyOfIt;
    expired = false;
  }

  /** The open request has expired: what came before counts, what comes now does not. */
  public void expire() {
    expired = true;
  }

  /** Whether the time of the open request is up. */
  public boolean isExpired() {
    return open != null && expired;
  }

  /** Takes the open request off the desk. */
  public void close() {
    open = null;
    policy = null;
  }

  /** Begins to wait for the order to resume. Returns the name that the order may give. */
  public String openStop() {
    stops++;
    stop = "stop-" + stops;
    resumed = null;
    return stop;
  }

  /** Whether an order to resume is waited for. */
  public boolean isStopped() {
    return stop != null;
  }

  /** Stops waiting for that order. */
  public void closeStop() {
    stop = null;
  }

  /** Whether the order to resume has come. */
  public boolean isResumed() {
    return resumed != null;
  }

  /** Name of the request to come for a target: {@code prod-1}, {@code prod-2}. */
  public String nextName(String target) {
    long before = requests.stream().filter(request -> request.target().equals(target)).count();
    return target + "-" + (before + 1);
  }

  /** The open request, if there is one. */
  public Optional<Request> openRequest() {
    return Optional.ofNullable(open);
  }

  /** Whether the open request has all approvals it needs. */
  public boolean isApproved() {
    return open != null && missingGroups().isEmpty();
  }

  /** Whether nothing that comes can change the answer to the open request. */
  public boolean isDecided() {
    return isApproved() || rejection().isPresent();
  }

  /** Notes why decisions wait that have come, null when none does any more. */
  public void holdUp(@Nullable String why) {
    heldUp = why;
  }

  /** Why decisions wait that have come. */
  public Optional<String> heldUp() {
    return Optional.ofNullable(heldUp);
  }

  /** The rejection of the open request, if there is one. */
  public Optional<Decision> rejection() {
    return answersToOpen().stream().filter(d -> d.verdict() == Verdict.REJECT).findFirst();
  }

  /** Groups whose approval the open request still lacks. */
  public List<String> missingGroups() {
    if (open == null) {
      return List.of();
    }
    Set<String> missing = new LinkedHashSet<>(open.groups());
    for (Decision decision : answersToOpen()) {
      if (decision.verdict() == Verdict.APPROVE && decision.group() != null) {
        missing.remove(decision.group());
      }
    }
    return List.copyOf(missing);
  }

  /** Decisions that counted for a request. */
  public List<Decision> decisionsOn(String request) {
    return decisions.on(request);
  }

  /** Every request so far. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Every decision that counted. */
  public List<Decision> decisions() {
    return decisions.all();
  }

  /** What did not count, newest last. */
  public List<Refusal> refusals() {
    return refusals.newest();
  }

  /** How many messages did not count, listed or not. */
  public int refusedInAll() {
    return refusals.number();
  }

  /** What was answered to a decision of that id, when it counted. */
  public Optional<Receipt> receipt(String id) {
    return decisions.receipt(id);
  }

  /**
   * Why a message is not the decision of the same id that counted, but a different one; empty if it
   * is, and if none of that id has counted. Otherwise a reply meant for someone else's decision
   * would pass for its own.
   */
  public Optional<String> isOtherThan(String id, Verdict verdict, DecisionMessage message) {
    return decisions.isOtherThan(
        id,
        verdict,
        message,
        before ->
            verdict == Verdict.RESUME
                ? stop == null || isResumed() || before.request().equals(stop)
                : before.request().equals(message.request()));
  }

  /**
   * What has to be known of people before a message can be answered.
   *
   * @return names: who sends it, who had a hand in the change, who has decided
   */
  public List<String> namesFor(DecisionMessage message) {
    List<String> names = new ArrayList<>();
    names.add(String.valueOf(message.by()));
    involved.forEach(hand -> names.add(hand.name()));
    answersToOpen().forEach(answer -> names.add(answer.by()));
    return names;
  }

  /** Why a message can't count, regardless of the sender; empty if that depends on the person. */
  public Optional<String> refusalAtOnce(Verdict verdict, DecisionMessage message) {
    return NameFault.of(message.by())
        .or(() -> MessageFault.oversized(message))
        .or(() -> unmatched(verdict, message))
        .or(() ->
            verdict != Verdict.RESUME && isDecided()
                ? Optional.of(name() + " is already decided")
                : Optional.empty());
  }

  /** Takes a message that came just now, whole. */
  public Receipt take(
      Verdict verdict, DecisionMessage message, People people, Instant now, String id) {
    return take(verdict, message, people, now, id, message.saysTooMuch());
  }

  /** Takes a message of which it is not known over which way it came. */
  public Receipt take(
      Verdict verdict,
      DecisionMessage message,
      People people,
      Instant now,
      String id,
      boolean cut) {
    return take(verdict, message, people, now, id, cut, null);
  }

  /**
   * Takes a message that came, by Update or by signal. What cannot count is listed as refused.
   *
   * @param people who is who
   * @param now when it came
   * @param id its id
   * @param cut whether its comment was longer
   * @param channel over which way it came, null when unknown
   */
  public Receipt take(
      Verdict verdict,
      DecisionMessage message,
      People people,
      Instant now,
      String id,
      boolean cut,
      @Nullable Channel channel) {
    Optional<Receipt> before = decisions.receipt(id);
    if (before.isPresent()) {
      return before.get();
    }
    Optional<String> refusal = refusal(verdict, message, people, now);
    if (refusal.isPresent()) {
      return refuse(verdict, message, id, refusal.get(), now);
    }
    Receipt receipt = count(id, verdict, message, people, now, cut, channel);
    decisions.answered(id, receipt);
    return receipt;
  }

  /** Refuses a decision, and lists it. */
  public Receipt refuse(
      Verdict verdict, DecisionMessage message, String id, String reason, Instant now) {
    return refusals.add(verdict, message, id, reason, now);
  }

  /** Lists a message that did not count. */
  public void refuse(String message, String reason, Instant now) {
    refusals.add(message, reason, now);
  }

  private Receipt count(
      String id,
      Verdict verdict,
      DecisionMessage message,
      People people,
      Instant now,
      boolean cut,
      @Nullable Channel channel) {
    String by = String.valueOf(message.by());
    String request = verdict == Verdict.RESUME ? String.valueOf(stop) : name();
    Decision decision =
        Decision.of(id, request, verdict, by, now)
            .group(
                verdict == Verdict.APPROVE
                    ? eligibility(people, now).groupFor(by).orElseThrow()
                    : null)
            .comment(message.comment())
            .as(people.persons().get(by), people.persons().isEmpty() ? null : people.groupsOf(by))
            .channel(channel)
            .build();
    decisions.add(decision);
    String text =
        switch (verdict) {
          case RESUME -> {
            resumed = decision;
            yield "resumed by " + decision.by();
          }
          case REJECT -> request + " rejected by " + decision.by();
          case APPROVE ->
              request
                  + " approved by "
                  + decision.by()
                  + (isApproved() ? "" : "; still needed: " + Needed.text(missingGroups()));
        };
    return new Receipt(id, text + (cut ? CUT : ""), null);
  }

  private Optional<String> refusal(
      Verdict verdict, DecisionMessage message, People people, Instant now) {
    if (MessageFault.isBlank(message.by())) {
      return Optional.of("it doesn't say who sent it: add \"by\"");
    }
    Optional<String> unmatched = unmatched(verdict, message);
    return verdict == Verdict.RESUME || unmatched.isPresent()
        ? unmatched
        : eligibility(people, now).refusal(verdict, String.valueOf(message.by()));
  }

  private Optional<String> unmatched(Verdict verdict, DecisionMessage message) {
    return MessageFault.unmatched(verdict, message, open == null ? null : open.name(), stop);
  }

  private Eligibility eligibility(People people, Instant now) {
    Request request = Objects.requireNonNull(open, "a request is open");
    return new Eligibility(
        Objects.requireNonNull(policy, "a request has a policy"),
        request.groups(),
        involved,
        answersToOpen(),
        missingGroups(),
        people,
        request.standIns(now));
  }

  private List<Decision> answersToOpen() {
    return open == null ? List.of() : decisionsOn(open.name());
  }

  private String name() {
    return open == null ? "" : open.name();
  }
}
