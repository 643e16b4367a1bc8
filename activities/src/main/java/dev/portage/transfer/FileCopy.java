package dev.portage.transfer;

import dev.portage.candidate.ManifestFile;
import dev.portage.copy.CopyMethods;
import dev.portage.copy.ReadCapabilities;
import dev.portage.copy.Verify;
import dev.portage.failure.FailureKind;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes the target hold some files of a manifest. Files that are already correct there are not
 * sent. With {@link Verify#FULL}, every file is read back completely before it counts.
 */
final class FileCopy {
  private final TransferEnds ends;
  private final Verify verify;
  private final Flights flights;
  private final Progress progress;
  private @Nullable ReadCapabilities reads;

  FileCopy(TransferEnds ends, Verify verify, Flights flights, Progress progress) {
    this.ends = ends;
    this.verify = verify;
    this.flights = flights;
    this.progress = progress;
  }

  /**
   * Does it.
   *
   * @param files the files
   * @param there what the target holds
   * @param beforeSending called once, unless there is nothing to send
   */
  void carry(List<ManifestFile> files, Listed there, Runnable beforeSending) {
    Set<ManifestFile> present = new LinkedHashSet<>(files.stream().filter(there::has).toList());
    if (verify == Verify.FULL) {
      Map<String, WrongBytes> wrong = compare(present);
      present.removeIf(file -> wrong.containsKey(file.path()));
    }
    List<ManifestFile> missing = files.stream().filter(file -> !present.contains(file)).toList();
    if (missing.isEmpty()) {
      return;
    }
    missing.forEach(file -> progress.unverified(file.path()));
    beforeSending.run();
    Map<String, WrongBytes> wrong = send(missing);
    if (!wrong.isEmpty()) {
      send(missing.stream().filter(file -> wrong.containsKey(file.path())).toList())
          .values()
          .stream()
          .findFirst()
          .ifPresent(this::refuse);
    }
  }

  /** By what ways it was done. */
  CopyMethods methods() {
    return new CopyMethods(ends.reads(), ends.writes(), reads, verify, 1);
  }

  /** Reads files of the target that were there before; answers what is wrong, by path. */
  private Map<String, WrongBytes> compare(Collection<ManifestFile> files) {
    List<ManifestFile> unseen =
        files.stream().filter(file -> !progress.isVerified(file.path())).toList();
    if (unseen.isEmpty()) {
      return Map.of();
    }
    ReadBack readBack = new ReadBack(ends.target(), flights.retry(), progress);
    readBack.compare(unseen, flights);
    reads = readBack.reads();
    return readBack.notRight(unseen);
  }

  /** Sends files; answers which are wrong when they are read back, by path. */
  private Map<String, WrongBytes> send(Collection<ManifestFile> files) {
    ReadBack readBack =
        verify == Verify.FULL ? new ReadBack(ends.target(), flights.retry(), progress) : null;
    new Sending(ends, flights, progress, readBack).send(files);
    if (readBack == null) {
      return Map.of();
    }
    reads = readBack.reads();
    return readBack.notRight(files);
  }

  /** The smallest file that is not empty, by which a store's reads are probed; null for none. */
  static @Nullable String sample(Collection<ManifestFile> files) {
    return sample(files, ManifestFile::size, ManifestFile::path);
  }

  /** As {@link #sample(Collection)}, of files that are known otherwise. */
  static <T> @Nullable String sample(
      Collection<T> files, ToLongFunction<T> size, Function<T, String> path) {
    return files.stream()
        .filter(file -> size.applyAsLong(file) > 0)
        .min(Comparator.comparingLong(size))
        .map(path)
        .orElse(null);
  }

  private void refuse(WrongBytes wrong) {
    throw ends.targetServer()
        .failure(
            FailureKind.PLATFORM,
            "read back what was sent",
            wrong.why() + ", after it was sent twice",
            "Check the target's artifact store; Portage sends wrong files again.");
  }
}
