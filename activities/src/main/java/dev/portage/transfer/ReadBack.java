package dev.portage.transfer;

import dev.portage.candidate.Manifest;
import dev.portage.candidate.ManifestFile;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.copy.ReadAbilities;
import dev.portage.failure.Failures;
import dev.portage.store.ArtifactSource;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Reads files and compares them with the manifest; large ones in parts at once, where it can. */
final class ReadBack {
  private final ArtifactSource source;
  private final ReadAbilities reads;
  private final Flights flights;
  private final Progress progress;

  ReadBack(ArtifactSource source, ReadAbilities reads, Flights flights, Progress progress) {
    this.source = source;
    this.reads = reads;
    this.flights = flights;
    this.progress = progress;
  }

  /**
   * A range of a file, or all of it.
   *
   * @param part index of the part, -1 for all
   * @param left parts of the file that are to be read yet
   */
  private record Unit(ManifestFile file, int part, AtomicInteger left) {
    private long bytes() {
      return part < 0
          ? file.size()
          : Math.min(Manifest.PART_BYTES, file.size() - part * Manifest.PART_BYTES);
    }
  }

  /**
   * Reads them all.
   *
   * @param right told of each file that is right
   * @return what is wrong, by path
   */
  Map<String, WrongBytes> compare(Collection<ManifestFile> files, Consumer<ManifestFile> right) {
    Map<String, WrongBytes> wrong = new ConcurrentHashMap<>();
    progress.phase(
        Phase.READING_BACK, files.size(), files.stream().mapToLong(ManifestFile::size).sum());
    flights.each(
        units(files),
        Unit::bytes,
        unit -> {
          ManifestFile file = unit.file();
          try {
            if (!wrong.containsKey(file.path())) {
              read(unit);
            }
          } catch (WrongBytes e) {
            wrong.putIfAbsent(file.path(), e);
          }
          if (unit.left().decrementAndGet() == 0) {
            if (!wrong.containsKey(file.path())) {
              right.accept(file);
            }
            progress.file();
          }
        });
    return wrong;
  }

  private List<Unit> units(Collection<ManifestFile> files) {
    List<Unit> units = new ArrayList<>();
    List<ManifestFile> inOrder =
        files.stream().sorted(Comparator.comparingLong(ManifestFile::size).reversed()).toList();
    source.willRead(inOrder.stream().map(ManifestFile::path).toList());
    for (ManifestFile file : inOrder) {
      if (!reads.ranges() || file.size() <= Manifest.PART_BYTES) {
        units.add(new Unit(file, -1, new AtomicInteger(1)));
      } else {
        AtomicInteger left = new AtomicInteger(file.parts().size());
        for (int part = 0; part < file.parts().size(); part++) {
          units.add(new Unit(file, part, left));
        }
      }
    }
    return units;
  }

  private void read(Unit unit) {
    ManifestFile file = unit.file();
    if (unit.part() < 0) {
      source.read(
          file.path(), in -> new PartDigests(file.path(), file).readAll(in, progress::bytes));
      return;
    }
    try {
      source.read(
          file.path(),
          unit.part() * Manifest.PART_BYTES,
          unit.bytes(),
          in -> PartDigests.ofRange(file, unit.part(), unit.bytes()).readAll(in, progress::bytes));
    } catch (ApplicationFailure e) {
      if (Integer.valueOf(416).equals(Failures.statusOf(e))) {
        throw new WrongBytes("file " + file.path() + " is shorter than " + file.size() + " bytes");
      }
      throw e;
    }
  }
}
