package dev.portage.copy;

import org.jspecify.annotations.Nullable;

/**
 * A store's limits for an upload in numbered parts.
 *
 * @param leastBytes size that every part but the last must have at least, in bytes
 * @param mostBytes size that no part may exceed, in bytes
 * @param mostParts number of parts that one file may have
 * @param inOrder true if each part has to follow the one before; null if they may arrive in any
 *     order and in parallel
 */
public record PartLimits(
    long leastBytes, long mostBytes, int mostParts, @Nullable Boolean inOrder) {

  /** For parts that may arrive in any order and in parallel. */
  public PartLimits(long leastBytes, long mostBytes, int mostParts) {
    this(leastBytes, mostBytes, mostParts, null);
  }

  /** Whether each part has to follow the one before. */
  public boolean areInOrder() {
    return Boolean.TRUE.equals(inOrder);
  }
}
