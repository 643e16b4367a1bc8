package dev.portage.copy;

/**
 * Some adjacent files of a manifest, named by their position in it.
 *
 * @param from index of the first file
 * @param to index after the last file
 * @param bytes their size together
 */
public record Partition(int from, int to, long bytes) {

  /**
   * No partition is larger, in bytes, unless it is a single file, or there would be some hundreds:
   * 16 GiB.
   */
  public static final long MOST_BYTES = 16L << 30;

  /** No partition has more files, unless there would be some hundreds. */
  public static final int MOST_FILES = 4_000;

  /** Number of its files. */
  public int files() {
    return to - from;
  }
}
