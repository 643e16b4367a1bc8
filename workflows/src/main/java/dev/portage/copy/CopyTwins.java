package dev.portage.copy;

import dev.portage.candidate.ModelLocation;
import org.jspecify.annotations.Nullable;

/**
 * Order to leave one run of a copy.
 *
 * @param order the copy
 * @param model where its files are and what therefore stays, null when the copy came to nothing:
 *     then what was made first stays
 */
public record CopyTwins(CopyOrder order, @Nullable ModelLocation model) {}
