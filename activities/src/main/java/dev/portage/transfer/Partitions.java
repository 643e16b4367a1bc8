package dev.portage.transfer;

import dev.portage.candidate.ManifestFile;
import dev.portage.copy.Partition;
import java.util.ArrayList;
import java.util.List;

/** Cuts a manifest into partitions that several workers carry side by side. */
final class Partitions {
  /** Lower in tests, which see many partitions in a moment then. */
  private static final int MOST_FILES =
      Integer.getInteger("portage.partition.files", Partition.MOST_FILES);

  private Partitions() {}

  /** Cuts it as {@link Partition} says. */
  static List<Partition> of(List<ManifestFile> files) {
    return of(files, Partition.MOST_BYTES, MOST_FILES);
  }

  /**
   * Cuts it.
   *
   * @param mostBytes no partition is larger, unless it is a single file
   * @param mostFiles no partition has more files
   */
  static List<Partition> of(List<ManifestFile> files, long mostBytes, int mostFiles) {
    List<Partition> partitions = new ArrayList<>();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < files.size(); i++) {
      long size = files.get(i).size();
      if (i > from && (bytes + size > mostBytes || i - from == mostFiles)) {
        partitions.add(new Partition(from, i, bytes));
        from = i;
        bytes = 0;
      }
      bytes += size;
    }
    partitions.add(new Partition(from, files.size(), bytes));
    return partitions;
  }
}
