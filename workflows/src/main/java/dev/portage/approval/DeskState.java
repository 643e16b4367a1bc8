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
}
