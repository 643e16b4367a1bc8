package dev.portage.registry;

/**
 * Asks about a registered model.
 *
 * @param workspace its registry
 * @param model full name there
 * @param marking how that registry marks its champion
 */
public record ModelQuery(String workspace, String model, Marking marking) {}
