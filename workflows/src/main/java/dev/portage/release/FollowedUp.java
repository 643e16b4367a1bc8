package dev.portage.release;

import dev.portage.failure.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The result of a {@link FollowUp}.
 *
 * @param done what was done, in one line; null if it failed
 * @param problem why it failed; null if it is done
 */
public record FollowedUp(@Nullable String done, @Nullable Problem problem) {}
