package dev.portage.copy;

import dev.portage.candidate.ModelLocation;

/**
 * Order to copy one partition. Files of other partitions are left alone.
 *
 * @param order the copy that it is part of
 * @param model where the files go, as {@link CopyPlan} says
 * @param partition which files
 */
public record PartitionOrder(CopyOrder order, ModelLocation model, Partition partition) {}
