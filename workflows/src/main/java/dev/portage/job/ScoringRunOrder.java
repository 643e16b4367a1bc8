package dev.portage.job;

import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import dev.portage.settings.Work;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of the batch scoring job, by key.
 *
 * @param workspace where it runs
 * @param jobId the job
 * @param key from workflow id, step and business attempt; hashed into the idempotency token
 * @param parameters values of the widgets: model_uri, model_version, table, batch_id, promotion_id
 * @param grant the turn in hand, null from a writer that knows no numbers
 * @param work what the job runs, which says how it takes parameters; null from a writer that knew
 *     notebooks alone
 */
public record ScoringRunOrder(
    String workspace,
    long jobId,
    String key,
    Map<String, String> parameters,
    @Nullable Grant grant,
    @Nullable Work work)
    implements UnderTurn {

  public ScoringRunOrder {
    parameters = Map.copyOf(parameters);
  }

  /** An order from a holder without a numbered turn. */
  public ScoringRunOrder(String workspace, long jobId, String key, Map<String, String> parameters) {
    this(workspace, jobId, key, parameters, null, null);
  }
}
