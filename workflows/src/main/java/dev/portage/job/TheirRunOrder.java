package dev.portage.job;

import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job that the team has in the workspace, by key: the same key is the same run. The
 * job is run as it is; its settings are never changed.
 *
 * @param workspace where it lives
 * @param job its name, or its id in digits
 * @param key from workflow id, step and business attempt; hashed into the idempotency token
 * @param parameters values that {@code promotion.yaml} names; one that the job does not take is a
 *     user error
 * @param offered values that it is given as far as it takes them; those of {@code parameters} of
 *     the same name stand behind them
 * @param grant the turn in hand, null where none is held
 */
public record TheirRunOrder(
    String workspace,
    String job,
    String key,
    Map<String, String> parameters,
    Map<String, String> offered,
    @Nullable Grant grant)
    implements UnderTurn {

  public TheirRunOrder {
    parameters = Map.copyOf(parameters);
    offered = Map.copyOf(offered);
  }
}
