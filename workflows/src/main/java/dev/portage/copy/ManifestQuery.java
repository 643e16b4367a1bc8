package dev.portage.copy;

import dev.portage.candidate.ModelLocation;

/**
 * A query for an existing manifest.
 *
 * @param model the files it is of
 * @param digest of the manifest
 * @param artifactUri where it was kept when it was made
 */
public record ManifestQuery(ModelLocation model, String digest, String artifactUri) {}
