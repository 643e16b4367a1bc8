package dev.portage.release;

/**
 * A query for the record of a release.
 *
 * @param workspace where it would be kept
 * @param runId run there that holds the model
 */
public record RecordQuery(String workspace, String runId) {}
