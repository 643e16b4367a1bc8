package dev.portage.approval;

import dev.portage.approval.Decision.Verdict;
import dev.portage.settings.ApprovalPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where requests lie and decisions arrive, for one promotion. Holds no clock and no thread: the
 * workflow opens requests, hands in messages with their time, and asks whether it is decided.
 */
public final class ApprovalDesk {

  /** Stands in for a group where anybody who had no hand in the change may approve. */
  public static final String ANYBODY = "anybody";

  private static final int REFUSALS_KEPT = 20;
  private static final int MESSAGE_KEPT = 200;

  private final String startedBy;
  private final @Nullable String committer;
  private final List<Request> requests = new ArrayList<>();
  private final List<Decision> decisions = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private final Map<String, Receipt> receipts = new LinkedHashMap<>();
  private @Nullable Request open;
  private @Nullable ApprovalPolicy policy;
  private @Nullable String stop;
  private @Nullable Decision resumed;
  private int stops;

  /**
   * A desk with nothing on it.
   *
   * @param startedBy who started the promotion and so may not approve it
   * @param committer who made the commit and so may not approve it either, null when unknown
   */
  public ApprovalDesk(String startedBy, @Nullable String committer) {
    this.startedBy = startedBy;
    this.committer = committer;
  }

  /** Lays a request on the desk. Decisions about earlier ones count no more. */
  public void open(Request request, ApprovalPolicy policyOfIt) {
    requests.add(request);
    open = request;
    policy = policyOfIt;
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
    return decisions.stream().filter(decision -> decision.request().equals(request)).toList();
  }

  /** Every request so far. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Every decision that counted. */
  public List<Decision> decisions() {
    return List.copyOf(decisions);
  }

  /** What did not count, newest last. */
  public List<Refusal> refusals() {
    return List.copyOf(refusals);
  }

  /** Why a message could not count now; empty when it can, and when its id already did. */
  public Optional<String> refusal(Verdict verdict, DecisionMessage message) {
    if (message.id() != null && receipts.containsKey(message.id())) {
      return Optional.empty();
    }
    if (isBlank(message.by())) {
      return Optional.of("it does not say by whom: add \"by\"");
    }
    return switch (verdict) {
      case RESUME -> resumeRefusal(message);
      case APPROVE, REJECT -> answerRefusal(verdict, message);
    };
  }

  /**
   * Takes a message that came, by Update or by signal. What cannot count is listed as refused.
   *
   * @param now when it came
   * @param fallbackId id for a message that brings none
   */
  public Receipt take(Verdict verdict, DecisionMessage message, Instant now, String fallbackId) {
    String id = isBlank(message.id()) ? fallbackId : String.valueOf(message.id());
    Receipt before = receipts.get(id);
    if (before != null) {
      return before;
    }
    Optional<String> refusal = refusal(verdict, message);
    if (refusal.isPresent()) {
      refuse(
          verdict.name().toLowerCase(java.util.Locale.ROOT) + " " + describe(message),
          refusal.get(),
          now);
      return new Receipt(id, "refused: " + refusal.get());
    }
    Receipt receipt = count(id, verdict, message, now);
    receipts.put(id, receipt);
    return receipt;
  }

  /** Lists a message that did not count. */
  public void refuse(String message, String reason, Instant now) {
    String kept =
        message.length() > MESSAGE_KEPT ? message.substring(0, MESSAGE_KEPT) + "…" : message;
    refusals.add(new Refusal(kept, reason, now));
    if (refusals.size() > REFUSALS_KEPT) {
      refusals.removeFirst();
    }
  }

  private Receipt count(String id, Verdict verdict, DecisionMessage message, Instant now) {
    String by = String.valueOf(message.by());
    return switch (verdict) {
      case RESUME -> {
        Decision decision =
            new Decision(id, String.valueOf(stop), verdict, by, null, message.comment(), now);
        decisions.add(decision);
        resumed = decision;
        yield new Receipt(id, "resumed by " + by);
      }
      case REJECT -> {
        decisions.add(new Decision(id, name(), verdict, by, null, message.comment(), now));
        yield new Receipt(id, name() + " rejected by " + by);
      }
      case APPROVE -> {
        String group = groupFor(by).orElseThrow();
        decisions.add(new Decision(id, name(), verdict, by, group, message.comment(), now));
        List<String> missing = missingGroups();
        yield new Receipt(
            id,
            name()
                + " approved by "
                + by
                + (missing.isEmpty() ? "" : "; still missing: " + String.join(", ", missing)));
      }
    };
  }

  private Optional<String> resumeRefusal(DecisionMessage message) {
    if (stop == null) {
      return Optional.of("nothing has stopped, so there is nothing to resume");
    }
    if (!isBlank(message.request()) && !stop.equals(message.request())) {
      return Optional.of("it names " + message.request() + ", but what has stopped is " + stop);
    }
    return Optional.empty();
  }

  private Optional<String> answerRefusal(Verdict verdict, DecisionMessage message) {
    if (open == null) {
      return Optional.of("no request is open");
    }
    if (isBlank(message.request())) {
      return Optional.of("it names no request: add \"request\":\"" + open.name() + "\"");
    }
    if (!open.name().equals(message.request())) {
      return Optional.of(
          "it names " + message.request() + ", but the open request is " + open.name());
    }
    String by = String.valueOf(message.by());
    if (verdict == Verdict.REJECT) {
      boolean involved = by.equals(startedBy) || by.equals(committer) || mayStandForAGroup(by);
      return involved ? Optional.empty() : Optional.of(by + " is in none of " + open.groups());
    }
    if (by.equals(startedBy)) {
      return Optional.of(by + " started this promotion; somebody else has to approve it");
    }
    if (by.equals(committer)) {
      return Optional.of(by + " made the commit; somebody else has to approve it");
    }
    if (answersToOpen().stream().anyMatch(d -> d.by().equals(by))) {
      return Optional.of(by + " has already decided; the other groups need another person");
    }
    if (groupFor(by).isEmpty()) {
      return Optional.of(by + " is in none of the groups still missing: " + missingGroups());
    }
    return Optional.empty();
  }

  /**
   * The missing group that this person fills; the one with the fewest members first, so that nobody
   * is wasted.
   */
  private Optional<String> groupFor(String by) {
    return missingGroups().stream()
        .filter(group -> isMember(group, by))
        .min(java.util.Comparator.comparingInt(this::sizeOf));
  }

  private boolean mayStandForAGroup(String by) {
    return open != null && open.groups().stream().anyMatch(group -> isMember(group, by));
  }

  /**
   * A group that nobody is listed for takes any listed person, and anybody at all where nobody is
   * listed.
   */
  private boolean isMember(String group, String by) {
    List<String> members = policy == null ? null : policy.members().get(group);
    if (members != null) {
      return members.contains(by);
    }
    Set<String> listed = everyMember();
    return listed.isEmpty() || listed.contains(by);
  }

  private Set<String> everyMember() {
    Set<String> all = new HashSet<>();
    if (policy != null) {
      policy.members().values().forEach(all::addAll);
    }
    return all;
  }

  private int sizeOf(String group) {
    List<String> members = policy == null ? null : policy.members().get(group);
    return members == null ? Integer.MAX_VALUE : members.size();
  }

  private List<Decision> answersToOpen() {
    return open == null ? List.of() : decisionsOn(open.name());
  }

  private String name() {
    return open == null ? "" : open.name();
  }

  private static String describe(DecisionMessage message) {
    return "request=" + message.request() + " by=" + message.by();
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }
}
