package dev.portage.scoring;

import dev.portage.settings.PredictionCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the predictions of a batch must look like.
 *
 * @param workspace where the table is
 * @param table full name
 * @param batchId the batch
 * @param modelVersion version that every row must name
 * @param promotion promotion that every row must name
 * @param check what is checked: of {@code TABLE} all its rows are counted; null for the rows of the
 *     batch
 * @param targets tables of later workspaces that the rows must fit into; null for none
 */
public record PredictionQuery(
    String workspace,
    String table,
    String batchId,
    String modelVersion,
    String promotion,
    @Nullable PredictionCheck check,
    @Nullable List<TargetTable> targets) {

  public PredictionQuery {
    targets = targets == null ? null : List.copyOf(targets);
  }

  /** A query that compares nothing with later workspaces. */
  public PredictionQuery(
      String workspace,
      String table,
      String batchId,
      String modelVersion,
      String promotion,
      @Nullable PredictionCheck check) {
    this(workspace, table, batchId, modelVersion, promotion, check, null);
  }

  /** A query for the rows of a batch. */
  public PredictionQuery(
      String workspace, String table, String batchId, String modelVersion, String promotion) {
    this(workspace, table, batchId, modelVersion, promotion, null);
  }
}
