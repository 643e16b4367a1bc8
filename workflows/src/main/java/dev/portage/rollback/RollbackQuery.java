package dev.portage.rollback;

import org.jspecify.annotations.Nullable;

/**
 * Which rollback someone means, as typed.
 *
 * @param model full name of the registered model, or what {@code {model}} stands for
 * @param workspace where to go back; null for the last one of the path
 */
public record RollbackQuery(String model, @Nullable String workspace) {}
