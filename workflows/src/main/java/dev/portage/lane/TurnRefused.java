package dev.portage.lane;

import dev.portage.failure.Problem;

/**
 * A request that could not be granted, so that the requester need not wait.
 *
 * @param request the asking
 * @param problem why it has no number
 */
public record TurnRefused(TurnRequest request, Problem problem) {}
