package dev.portage.candidate;

import java.util.List;

/**
 * The files of a candidate, sorted by path. Made once, from the files themselves, when the
 * candidate is registered.
 *
 * @param partBytes size of a part, 64 MiB; the last part of a file is shorter
 * @param files each file once, sorted by path
 */
public record Manifest(long partBytes, List<ManifestFile> files) {

  /**
   * Parts have this size everywhere, so that digests of one file can be compared wherever it is.
   */
  public static final long PART_BYTES = 64L * 1024 * 1024;

  public Manifest {
    files = List.copyOf(files);
  }

  /** Size of all files together. */
  public long bytes() {
    return files.stream().mapToLong(ManifestFile::size).sum();
  }
}
