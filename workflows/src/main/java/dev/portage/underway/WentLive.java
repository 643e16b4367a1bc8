package dev.portage.underway;

import java.time.Instant;

/**
 * The newest candidate that went live while others were under way.
 *
 * @param contender the promotion
 * @param at when it said so
 */
public record WentLive(Contender contender, Instant at) {}
