package dev.portage.scoring;

/**
 * Order to remove the rows that a release published. No turn is needed: no other release has the
 * same batch.
 *
 * @param workspace where the table is
 * @param table full name of the table that readers see
 * @param batchId the batch; rows of others stay
 * @param version version that the left release made live: rows of it that scheduled runs have
 *     written since are counted, and stay
 */
public record WithdrawOrder(String workspace, String table, String batchId, String version) {}
