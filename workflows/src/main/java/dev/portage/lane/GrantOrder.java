package dev.portage.lane;

/**
 * Orders a grant.
 *
 * @param request whom to grant the turn
 * @param knowsNewest whether the lane knows that the newest grant was given back; one that has just
 *     begun does not
 */
public record GrantOrder(TurnRequest request, Boolean knowsNewest) {}
