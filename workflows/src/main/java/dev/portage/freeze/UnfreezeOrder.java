package dev.portage.freeze;

import java.time.Instant;

/**
 * Order to end the freezes of a workspace.
 *
 * @param workspace where
 * @param by who orders it
 * @param reason why
 * @param at when it was ordered
 */
public record UnfreezeOrder(String workspace, String by, String reason, Instant at) {}
