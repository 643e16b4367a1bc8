package dev.portage.job;

import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Order for one run of the team's own job in the workspace, by key: the same key is the same run.
 * The job runs as it is; its settings never change.
 *
 * @param workspace where it lives
 * @param job its name, or its id in digits
 * @param key from workflow id, step and business attempt; hashed into the idempotency token
 * @param parameters values that {@code promotion.yaml} names; one that the job does not take is a
 *     user error
 * @param offered values that are passed as far as the job accepts them; {@code parameters} of the
 *     same name override them
 * @param grant the turn in hand, null where none is held
 * @param required names of {@code offered} that the job has to take; that it does not is a user
 *     error. Null for none, or from a writer that did not say
 */
public record TeamJobRunOrder(
    String workspace,
    String job,
    String key,
    Map<String, String> parameters,
    Map<String, String> offered,
    @Nullable Grant grant,
    @Nullable List<String> required)
    implements UnderTurn {

  public TeamJobRunOrder {
    parameters = Map.copyOf(parameters);
    offered = Map.copyOf(offered);
    required = required == null ? null : List.copyOf(required);
  }

  /** A run of a job that need not take what it is offered. */
  public TeamJobRunOrder(
      String workspace,
      String job,
      String key,
      Map<String, String> parameters,
      Map<String, String> offered,
      @Nullable Grant grant) {
    this(workspace, job, key, parameters, offered, grant, null);
  }
}
