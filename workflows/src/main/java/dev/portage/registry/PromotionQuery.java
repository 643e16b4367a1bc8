package dev.portage.registry;

/**
 * A query for versions that a promotion created, even after Temporal has forgotten it.
 *
 * @param workspace its registry
 * @param model full name there
 * @param promotion the promotion's id, as in tag {@code portage_promotion}
 */
public record PromotionQuery(String workspace, String model, String promotion) {}
