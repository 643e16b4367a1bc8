package dev.portage.scoring;

/**
 * Order to drop a run's own table. No turn is needed: it is also dropped when the turn is lost.
 *
 * @param workspace where it is
 * @param staging its full name
 */
public record DropOrder(String workspace, String staging) {}
