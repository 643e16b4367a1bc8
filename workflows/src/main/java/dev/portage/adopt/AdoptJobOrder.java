package dev.portage.adopt;

import dev.portage.lane.Grant;
import dev.portage.lane.UnderTurn;
import org.jspecify.annotations.Nullable;

/**
 * Order to look at a job, and to tag it as a model's.
 *
 * @param workspace where it is
 * @param model what {@code {model}} stands for: what the tag of a job names
 * @param job its name, or its id in digits
 * @param key what its settings are stored under
 * @param grant the turn in hand; null where it is only looked at
 */
public record AdoptJobOrder(
    String workspace, String model, String job, String key, @Nullable Grant grant)
    implements UnderTurn {}
