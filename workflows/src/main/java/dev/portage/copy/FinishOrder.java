package dev.portage.copy;

import dev.portage.candidate.ModelLocation;

/**
 * A copy whose partitions are all carried, to be held against the whole manifest and finished.
 *
 * @param order the copy
 * @param model where the files are
 * @param sentBytes bytes that the partitions sent
 * @param ways by what ways
 */
public record FinishOrder(CopyOrder order, ModelLocation model, long sentBytes, CopyWays ways) {}
