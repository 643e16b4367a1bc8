package dev.portage.job;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A lasting job as it is.
 *
 * @param jobId its id in the workspace
 * @param name its name
 * @param settingsHash SHA-256 over its settings' canonical JSON: equal hashes, equal definitions
 * @param modelVersion version that it scores with, null when the job does not say
 * @param commit commit that it runs, null when the job does not say
 * @param page where people see it, null when unknown
 */
public record JobState(
    long jobId,
    String name,
    String settingsHash,
    @Nullable String modelVersion,
    @Nullable String commit,
    @Nullable URI page) {}
