package dev.portage.approval;

/**
 * Answer to a decision sent as an Update.
 *
 * @param id id of the decision
 * @param text one line: what it came to, and who is still missing
 */
public record Receipt(String id, String text) {}
