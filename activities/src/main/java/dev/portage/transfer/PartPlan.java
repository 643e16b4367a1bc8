package dev.portage.transfer;

import dev.portage.candidate.Manifest;
import dev.portage.candidate.ManifestFile;
import dev.portage.copy.PartLimits;
import java.util.Optional;

/**
 * How a file is split for an upload: into the parts of its manifest, or several of them together if
 * the store's limits require it.
 *
 * @param file the file
 * @param manifestParts parts of the manifest that make one part of the upload
 * @param inOrder whether its parts have to follow each other
 */
record PartPlan(ManifestFile file, int manifestParts, boolean inOrder) {

  /** Empty where the file is small, or the store's limits don't allow it in parts. */
  static Optional<PartPlan> of(ManifestFile file, PartLimits limits) {
    if (file.size() <= Manifest.PART_BYTES) {
      return Optional.empty();
    }
    long all = ceil(file.size(), Manifest.PART_BYTES);
    long together =
        Math.max(
            ceil(all, Math.max(1, limits.mostParts())),
            ceil(Math.max(1, limits.leastBytes()), Manifest.PART_BYTES));
    return together * Manifest.PART_BYTES > limits.mostBytes() || together >= all
        ? Optional.empty()
        : Optional.of(new PartPlan(file, (int) together, limits.areInOrder()));
  }

  /** Size of each part but the last. */
  long partBytes() {
    return manifestParts * Manifest.PART_BYTES;
  }

  /** How many parts. */
  int parts() {
    return (int) ceil(file.size(), partBytes());
  }

  /** Where a part begins; parts count from 1. */
  long offset(int number) {
    return (number - 1) * partBytes();
  }

  /** Size of a part. */
  long size(int number) {
    return Math.min(partBytes(), file.size() - offset(number));
  }

  /** Looks at the bytes of a part as they pass. */
  PartDigests digests(int number) {
    return PartDigests.ofRange(file, (number - 1) * manifestParts, size(number));
  }

  private static long ceil(long bytes, long by) {
    return (bytes + by - 1) / by;
  }
}
