package dev.portage.copy;

import dev.portage.candidate.ModelLocation;
import org.jspecify.annotations.Nullable;

/**
 * Order to remove all but one run of a copy.
 *
 * @param order the copy
 * @param model where its files are and what therefore stays, null if the copy failed: then whatever
 *     was created first stays
 */
public record CopyDuplicates(CopyOrder order, @Nullable ModelLocation model) {}
