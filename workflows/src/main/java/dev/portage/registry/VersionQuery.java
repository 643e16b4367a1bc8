package dev.portage.registry;

/**
 * Asks for one version.
 *
 * @param workspace its registry
 * @param model full name there
 * @param version the version, as "7"; an alias or a stage only where that is said
 */
public record VersionQuery(String workspace, String model, String version) {}
