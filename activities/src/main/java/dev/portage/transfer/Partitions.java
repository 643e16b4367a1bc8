package dev.portage.transfer;

import dev.portage.candidate.ManifestFile;
import dev.portage.copy.Partition;
import java.util.ArrayList;
import java.util.List;

/** Cuts a manifest into partitions that several workers copy in parallel. */
final class Partitions {
  /** Lower in tests, which see many partitions in a moment then. */
  private static final int MOST_FILES =
      Integer.getInteger("portage.partition.files", Partition.MOST_FILES);

  /** About so many a copy is cut into at most: each is an activity of the workflow's history. */
  private static final int MOST = 256;

  private Partitions() {}

  /**
   * Cuts it into partitions of the usual size, or larger ones where they would be too many: of a
   * model of very many large files each file would be one, and a plan of a hundred thousand fits
   * into no history.
   */
  static List<Partition> of(List<ManifestFile> files) {
    long bytes = files.stream().mapToLong(ManifestFile::size).sum();
    return of(
        files,
        Math.max(Partition.MOST_BYTES, bytes / MOST),
        Math.max(MOST_FILES, files.size() / MOST));
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
