package dev.portage.copy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.portage.candidate.ModelLocation;

/**
 * Order to compare a copy whose partitions have all arrived with the whole manifest and to finish
 * it.
 *
 * @param order the copy
 * @param model where the files are
 * @param sentBytes bytes that the partitions sent
 * @param methods by what ways
 */
public record FinishOrder(
    CopyOrder order,
    ModelLocation model,
    long sentBytes,
    @JsonProperty("ways") CopyMethods methods) {}
