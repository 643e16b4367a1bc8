package dev.portage.store;

import org.jspecify.annotations.Nullable;

/**
 * A file as a store lists it.
 *
 * @param path relative to the folder that was listed
 * @param size in bytes, null where the store does not say
 */
public record ArtifactFile(String path, @Nullable Long size) {}
