package dev.portage.copy;

/**
 * What a store asks of an upload in numbered parts, which may come in any order and at once.
 *
 * @param leastBytes size that every part but the last must have at least, in bytes
 * @param mostBytes size that no part may exceed, in bytes
 * @param mostParts number of parts that one file may have
 */
public record PartLimits(long leastBytes, long mostBytes, int mostParts) {}
