package dev.portage.scoring;

import org.jspecify.annotations.Nullable;

/**
 * What removing the rows of a batch came to.
 *
 * @param rows how many rows of the batch were there
 * @param kept why they are still there; null where none is
 */
public record Removed(long rows, @Nullable String kept) {}
