package dev.portage.approval;

import java.time.Instant;

/**
 * A message that did not count, kept so that its sender can see why.
 *
 * @param message what came, shortened
 * @param reason why it did not count
 * @param at when
 */
public record Refusal(String message, String reason, Instant at) {}
