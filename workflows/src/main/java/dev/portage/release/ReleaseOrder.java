package dev.portage.release;

/**
 * Order to record a release.
 *
 * @param release what to record
 * @param runId run of the target that holds the model; the record becomes one of its artifacts
 */
public record ReleaseOrder(Release release, String runId) {}
