package dev.portage.trigger;

import dev.portage.registry.Marking;

/**
 * Asks what starts when a version of a model is registered and becomes champion.
 *
 * @param workspace target
 * @param model full name of the registered model there; it need not exist
 * @param marking how the registry marks the champion
 */
public record TriggerQuery(String workspace, String model, Marking marking) {}
