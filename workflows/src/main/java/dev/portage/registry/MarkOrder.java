package dev.portage.registry;

/**
 * An alias or stage that shall be at one exact version.
 *
 * @param workspace its registry
 * @param model full name there
 * @param version the version
 * @param marking alias or stage
 * @param mark which one, as "champion" or "Production"
 */
public record MarkOrder(
    String workspace, String model, String version, Marking marking, String mark) {}
