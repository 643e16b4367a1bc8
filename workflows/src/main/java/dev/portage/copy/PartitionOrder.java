package dev.portage.copy;

import dev.portage.candidate.ModelLocation;

/**
 * One partition to be carried. A file that another partition carries is left alone.
 *
 * @param order the copy that it belongs to
 * @param model where the files go, as {@link CopyPlan} says
 * @param partition which files
 */
public record PartitionOrder(CopyOrder order, ModelLocation model, Partition partition) {}
