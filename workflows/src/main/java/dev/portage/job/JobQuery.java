package dev.portage.job;

/**
 * Asks for a lasting job.
 *
 * @param workspace where it lives
 * @param name its name
 * @param model registered model that its tag names
 */
public record JobQuery(String workspace, String name, String model) {}
