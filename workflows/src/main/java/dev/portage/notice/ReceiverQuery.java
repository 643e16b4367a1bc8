package dev.portage.notice;

import org.jspecify.annotations.Nullable;

/**
 * Asks who is told about a model.
 *
 * @param model its name in {@code promotion.yaml}
 * @param registeredAs the name it is registered as, null where that is the same or not known
 */
public record ReceiverQuery(String model, @Nullable String registeredAs) {}
