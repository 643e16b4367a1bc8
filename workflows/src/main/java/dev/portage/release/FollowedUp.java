package dev.portage.release;

import dev.portage.failure.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What came of a {@link FollowUp}.
 *
 * @param done what was done, in one line; null where it failed
 * @param problem why it failed; null where it is done
 */
public record FollowedUp(@Nullable String done, @Nullable Problem problem) {}
