package dev.portage.copy;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The result of copying one partition.
 *
 * @param files files of the partition, which the target holds now
 * @param bytes their size together
 * @param sentBytes bytes that were sent; 0 if everything was already there
 * @param methods by what ways
 */
public record PartitionResult(
    long files, long bytes, long sentBytes, @JsonProperty("ways") CopyMethods methods) {}
