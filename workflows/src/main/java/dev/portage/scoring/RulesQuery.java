package dev.portage.scoring;

import dev.portage.settings.PredictionRules;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether predictions keep the rules.
 *
 * @param workspace where the tables are
 * @param rows the predictions
 * @param rules the rules
 * @param live full name of the table that readers see, whose last batch counts; it need not exist
 * @param champion what the champion predicted for the same batch; null where it did not
 * @param failed why a champion predicted nothing for it; null where it did, and where there is none
 */
public record RulesQuery(
    String workspace,
    Rows rows,
    PredictionRules rules,
    String live,
    @Nullable Rows champion,
    @Nullable String failed) {

  /**
   * Rows of a table.
   *
   * @param table full name
   * @param batchId only the rows of this batch; null for all
   * @param version version that they are of
   */
  public record Rows(String table, @Nullable String batchId, String version) {}
}
