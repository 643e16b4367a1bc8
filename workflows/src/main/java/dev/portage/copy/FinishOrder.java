package dev.portage.copy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.portage.candidate.ModelLocation;

/**
 * A copy whose partitions are all carried, to be held against the whole manifest and finished.
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
