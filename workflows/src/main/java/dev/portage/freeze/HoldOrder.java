package dev.portage.freeze;

import java.time.Instant;

/**
 * Order to hold promotions of a model until a person ends the hold.
 *
 * @param id unique; the same order twice is one
 * @param workspace where
 * @param model full name of the registered model there
 * @param name what it is called in {@code promotion.yaml}
 * @param by who orders it
 * @param reason why
 * @param at when it was ordered
 */
public record HoldOrder(
    String id, String workspace, String model, String name, String by, String reason, Instant at) {}
