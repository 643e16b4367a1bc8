package dev.portage.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A question about the history of a model.
 *
 * @param model its name in {@code promotion.yaml}, or the full name of a registered model
 * @param workspace the only workspace that is meant, null for all
 * @param limit entries at most
 * @param at time to say of what was live then; null for the history itself
 */
public record HistoryOrder(
    String model, @Nullable String workspace, Integer limit, @Nullable Instant at) {}
