package dev.portage.scoring;

/**
 * Asks what a table takes.
 *
 * @param workspace where it is
 * @param table its full name
 */
public record TableQuery(String workspace, String table) {}
