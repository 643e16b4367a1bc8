package dev.portage.copy;

import org.jspecify.annotations.Nullable;

/**
 * What a store asks of an upload in numbered parts.
 *
 * @param leastBytes size that every part but the last must have at least, in bytes
 * @param mostBytes size that no part may exceed, in bytes
 * @param mostParts number of parts that one file may have
 * @param inOrder true where each part has to follow the one before; null where they may come in any
 *     order and at once
 */
public record PartLimits(
    long leastBytes, long mostBytes, int mostParts, @Nullable Boolean inOrder) {

  /** Of parts that may come in any order and at once. */
  public PartLimits(long leastBytes, long mostBytes, int mostParts) {
    this(leastBytes, mostBytes, mostParts, null);
  }

  /** Whether each part has to follow the one before. */
  public boolean areInOrder() {
    return Boolean.TRUE.equals(inOrder);
  }
}
