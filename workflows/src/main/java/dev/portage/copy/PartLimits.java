package dev.portage.copy;

/**
 * What a store asks of an upload in numbered parts.
 *
 * @param leastBytes size that every part but the last must have at least, in bytes
 * @param mostBytes size that no part may exceed, in bytes
 * @param mostParts number of parts that one file may have
 * @param inOrder whether each part has to follow the one before; else they may come in any order
 *     and at once
 */
public record PartLimits(long leastBytes, long mostBytes, int mostParts, boolean inOrder) {}
