package dev.portage.approval;

import dev.portage.identity.Involved;
import dev.portage.settings.ApprovalPolicy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything on a desk, for the next run of the workflow.
 *
 * @param involved who had a hand in the change and so may not approve it
 * @param makersUnknown whether it is not known who made what is to be approved
 * @param requests every request so far
 * @param decisions every decision that counted
 * @param refusals the last that did not count
 * @param refused how many did not, listed or not
 * @param counted the result of each id that counted
 * @param open name of the open request, null when none is open
 * @param policy its policy, null when none is open
 * @param stop name of what waits for an order to resume, null when nothing does
 * @param stops how often something waited for one
 */
public record DeskState(
    List<Involved> involved,
    Boolean makersUnknown,
    List<Request> requests,
    List<Decision> decisions,
    List<Refusal> refusals,
    Integer refused,
    Map<String, Counted> counted,
    @Nullable String open,
    @Nullable ApprovalPolicy policy,
    @Nullable String stop,
    Integer stops) {

  public DeskState {
    involved = List.copyOf(involved);
    requests = List.copyOf(requests);
    decisions = List.copyOf(decisions);
    refusals = List.copyOf(refusals);
    counted = Map.copyOf(counted);
  }

  /**
   * A decision that counted.
   *
   * @param decision the decision
   * @param receipt what was answered to it
   */
  public record Counted(Decision decision, Receipt receipt) {}

  /** An empty desk, to be filled in. */
  public static Builder of(List<Involved> involved, Boolean makersUnknown) {
    return new Builder(involved, makersUnknown);
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final List<Involved> involved;
    private final Boolean makersUnknown;
    private List<Request> requests = List.of();
    private List<Decision> decisions = List.of();
    private List<Refusal> refusals = List.of();
    private Integer refused = 0;
    private Map<String, Counted> counted = Map.of();
    private @Nullable String open;
    private @Nullable ApprovalPolicy policy;
    private @Nullable String stop;
    private Integer stops = 0;

    private Builder(List<Involved> involved, Boolean makersUnknown) {
      this.involved = involved;
      this.makersUnknown = makersUnknown;
    }

    /** Every request so far, and name and policy of the open one; both null when none is open. */
    public Builder requests(
        List<Request> requests, @Nullable String open, @Nullable ApprovalPolicy policy) {
      this.requests = requests;
      this.open = open;
      this.policy = policy;
      return this;
    }

    /** Every decision that counted, and the result of each id. */
    public Builder decisions(List<Decision> decisions, Map<String, Counted> counted) {
      this.decisions = decisions;
      this.counted = counted;
      return this;
    }

    /** The last that did not count, and how many did not. */
    public Builder refusals(List<Refusal> refusals, Integer refused) {
      this.refusals = refusals;
      this.refused = refused;
      return this;
    }

    /**
     * Name of what waits for an order to resume, null when nothing does, and how often something
     * did.
     */
    public Builder stops(@Nullable String stop, Integer stops) {
      this.stop = stop;
      this.stops = stops;
      return this;
    }

    /** What was filled in. */
    public DeskState build() {
      return new DeskState(
          involved,
          makersUnknown,
          requests,
          decisions,
          refusals,
          refused,
          counted,
          open,
          policy,
          stop,
          stops);
    }
  }
}
