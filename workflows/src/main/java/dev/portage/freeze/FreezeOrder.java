package dev.portage.freeze;

import java.time.Instant;

/**
 * Order to freeze a workspace from now on.
 *
 * @param id unique; the same order twice is one
 * @param workspace where
 * @param until when it ends by itself
 * @param by who orders it
 * @param reason why
 * @param at when it was ordered
 */
public record FreezeOrder(
    String id, String workspace, Instant until, String by, String reason, Instant at) {}
