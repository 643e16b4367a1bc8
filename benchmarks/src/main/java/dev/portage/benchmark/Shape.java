package dev.portage.benchmark;

import java.util.List;
import java.util.Locale;

/**
 * A model to be copied.
 *
 * @param name of the shape
 * @param files number of files, in addition to the {@code MLmodel}
 * @param bytes size of each
 */
record Shape(String name, int files, long bytes) {
  private static final long KIB = 1024;
  private static final long MIB = KIB * KIB;

  /** What most benchmarks of stores are of: few large files, many small ones. */
  static final List<Shape> USUAL =
      List.of(new Shape("large", 8, 128 * MIB), new Shape("small", 1000, 64 * KIB));

  /** The same, a minute long. */
  static final List<Shape> QUICK =
      List.of(new Shape("large", 4, 16 * MIB), new Shape("small", 50, 64 * KIB));

  /** More and more files, larger and larger ones. */
  static final List<Shape> GROWING =
      List.of(
          new Shape("10 files", 10, 4 * KIB),
          new Shape("100 files", 100, 4 * KIB),
          new Shape("1,000 files", 1000, 4 * KIB),
          new Shape("10,000 files", 10_000, 4 * KIB),
          new Shape("1 MiB", 1, MIB),
          new Shape("16 MiB", 1, 16 * MIB),
          new Shape("256 MiB", 1, 256 * MIB),
          new Shape("4 GiB", 1, 4096 * MIB),
          new Shape("16 GiB", 1, 16_384 * MIB));

  long total() {
    return files * bytes;
  }

  String shown() {
    return String.format(
        Locale.ROOT,
        "%,d %s of %s",
        files,
        files == 1 ? "file" : "files",
        bytes >= 1024 * MIB
            ? bytes / MIB / 1024 + " GiB"
            : bytes >= MIB ? bytes / MIB + " MiB" : bytes / KIB + " KiB");
  }
}
