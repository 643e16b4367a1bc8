package dev.portage.scoring;

import org.jspecify.annotations.Nullable;

/**
 * What removing the rows of a release came to.
 *
 * @param removed how many rows were removed; null if the table could not tell them apart, and so
 *     has them still
 * @param others rows of the same version and of other batches, which stay; null if unknown
 * @param why why none could be removed, null otherwise
 */
public record Withdrawn(@Nullable Long removed, @Nullable Long others, @Nullable String why) {}
