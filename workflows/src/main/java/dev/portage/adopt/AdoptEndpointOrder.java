package dev.portage.adopt;

import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import org.jspecify.annotations.Nullable;

/**
 * Order to look at an endpoint, and to tag it as a model's.
 *
 * @param workspace where it is
 * @param model what {@code {model}} stands for: what the tag of an endpoint names
 * @param registered full name of the registered model: what it has to serve
 * @param endpoint its name
 * @param key what it serves is stored under this key
 * @param grant the turn in hand; null where it is only looked at
 */
public record AdoptEndpointOrder(
    String workspace,
    String model,
    String registered,
    String endpoint,
    String key,
    @Nullable Grant grant)
    implements UnderTurn {}
