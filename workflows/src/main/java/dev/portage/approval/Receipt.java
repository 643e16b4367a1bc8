package dev.portage.approval;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a decision sent as an Update.
 *
 * @param id id of the decision
 * @param text one line: the result, and who is still missing
 * @param refused why it did not count, null when it did
 */
public record Receipt(String id, String text, @Nullable String refused) {}
