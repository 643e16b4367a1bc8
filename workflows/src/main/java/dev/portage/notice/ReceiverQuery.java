package dev.portage.notice;

/**
 * Asks who is told about a model.
 *
 * @param model its name in {@code promotion.yaml}
 */
public record ReceiverQuery(String model) {}
