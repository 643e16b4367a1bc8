package dev.portage.candidate;

import org.jspecify.annotations.Nullable;

/**
 * The exact thing being promoted. Never "latest".
 *
 * @param origin where it was trained
 * @param originModel registered model it has a version of there, as "churn" or "dev.ml.churn"
 * @param originVersion that version, as "7"
 * @param commit full id of the commit it was trained from, null when trained elsewhere and the
 *     version does not say
 * @param manifest its files
 */
public record Candidate(
    ModelLocation origin,
    String originModel,
    String originVersion,
    @Nullable String commit,
    ManifestRef manifest) {}
