package dev.portage.step;

import dev.portage.failure.Problem;
import java.time.Instant;

/**
 * A step failed, and the order to resume is waited for.
 *
 * @param step its name
 * @param problem why
 * @param endedForGood whether only a new business attempt can succeed
 * @param until when nobody waits for the order any more
 */
public record Stop(String step, Problem problem, Boolean endedForGood, Instant until) {}
