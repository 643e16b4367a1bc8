package dev.portage.transfer;

import dev.portage.candidate.Manifest;
import dev.portage.candidate.ManifestFile;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.copy.ReadCapabilities;
import dev.portage.failure.Failures;
import dev.portage.store.ArtifactSource;
import dev.portage.transfer.WorkQueue.Job;
import dev.portage.transfer.WorkQueue.Kind;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads files back and compares them with the manifest; large ones in parallel parts, if the store
 * can.
 */
final class ReadBack {
  private final ArtifactSource source;
  private final Progress progress;
  private final Map<String, WrongBytes> wrong = new ConcurrentHashMap<>();
  private final Set<String> right = ConcurrentHashMap.newKeySet();
  private @Nullable ReadCapabilities reads;

  ReadBack(ArtifactSource source, RetryTimeout retry, Progress progress) {
    this.source = new RetriedReads(source, retry);
    this.progress = progress;
  }

  /** What reading can do here; null as long as nothing was read. */
  synchronized @Nullable ReadCapabilities reads() {
    return reads;
  }

  /** Which of these are not known to be correct, by path: including those not read. */
  Map<String, WrongBytes> notRight(Collection<ManifestFile> files) {
    Map<String, WrongBytes> doubtful = new HashMap<>(wrong);
    for (ManifestFile file : files) {
      if (!right.contains(file.path())) {
        doubtful.computeIfAbsent(
            file.path(), path -> new WrongBytes("file " + path + " was not read back"));
      }
    }
    return doubtful;
  }

  /** Reads them all; what is wrong then is known. */
  void compare(Collection<ManifestFile> files, Flights flights) {
    progress.begin(
        files.size(), files.stream().mapToLong(ManifestFile::size).sum(), Phase.READING_BACK);
    WorkQueue workQueue = flights.workQueue();
    workQueue.add(flights.retry().call(() -> jobs(files)));
    flights.work(workQueue);
  }

  /** What must be read of existing files. */
  List<Job> jobs(Collection<ManifestFile> files) {
    boolean ranges = probed(files);
    List<ManifestFile> inOrder =
        files.stream().sorted(Comparator.comparingLong(ManifestFile::size).reversed()).toList();
    source.willRead(Listed.asListed(inOrder));
    List<Job> jobs = new ArrayList<>();
    for (ManifestFile file : inOrder) {
      boolean inParts = ranges && file.size() > Manifest.PART_BYTES;
      int parts = inParts ? file.parts().size() : 1;
      AtomicInteger left = new AtomicInteger(parts);
      for (int part = 0; part < parts; part++) {
        int index = part;
        long size = Math.min(Manifest.PART_BYTES, file.size() - part * Manifest.PART_BYTES);
        jobs.add(
            inParts
                ? new Job(Kind.DIGEST, size, () -> check(file, left, () -> read(file, index, size)))
                : new Job(Kind.DIGEST, file.size(), () -> check(file, left, () -> read(file))));
      }
    }
    return jobs;
  }

  private synchronized boolean probed(Collection<ManifestFile> files) {
    if (reads == null) {
      reads = source.probeReads(FileCopy.sample(files));
    }
    return reads.ranges();
  }

  private void check(ManifestFile file, AtomicInteger left, Runnable reading) {
    try {
      if (!wrong.containsKey(file.path())) {
        surely(reading);
      }
    } catch (WrongBytes e) {
      wrong.putIfAbsent(file.path(), e);
    }
    if (left.decrementAndGet() == 0) {
      if (!wrong.containsKey(file.path())) {
        right.add(file.path());
        progress.verified(file.path());
      }
      progress.file(Phase.READING_BACK);
    }
  }

  /** What is wrong once may have turned on the way. */
  private static void surely(Runnable reading) {
    Readings readings = new Readings(Readings.AT_TARGET);
    while (true) {
      try {
        reading.run();
        return;
      } catch (WrongBytes wrong) {
        if (readings.isSettled(wrong) || readings.isEndless()) {
          throw wrong;
        }
      }
    }
  }

  private void read(ManifestFile file) {
    source.read(file.path(), in -> new PartDigests(file.path(), file).readAll(in, this::counted));
  }

  private void read(ManifestFile file, int part, long size) {
    try {
      source.read(
          file.path(),
          part * Manifest.PART_BYTES,
          size,
          in -> PartDigests.ofRange(file, part, size).readAll(in, this::counted));
    } catch (ApplicationFailure e) {
      if (Integer.valueOf(416).equals(Failures.statusOf(e))) {
        throw WrongBytes.tooShort(
            "file " + file.path() + " is shorter than " + file.size() + " bytes");
      }
      throw e;
    }
  }

  private void counted(long bytes) {
    progress.bytes(Phase.READING_BACK, bytes);
  }
}
