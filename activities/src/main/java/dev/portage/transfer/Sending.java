package dev.portage.transfer;

import dev.portage.candidate.ManifestFile;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.copy.PartLimits;
import dev.portage.store.ArtifactSink.UploadGone;
import dev.portage.store.ArtifactSource;
import dev.portage.store.ArtifactStore;
import dev.portage.store.SideBySide;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Sends files from one store to another: large ones streamed, in parts at once where the target
 * takes parts; small ones by a relay. What passes is compared with the manifest.
 */
final class Sending {
  private final CopyRoute route;
  private final Flights flights;
  private final Progress progress;

  Sending(CopyRoute route, Flights flights, Progress progress) {
    this.route = route;
    this.flights = flights;
    this.progress = progress;
  }

  /** What one thread does at once. */
  private sealed interface Unit {
    long bytes();

    /** A file. */
    record Whole(ManifestFile file) implements Unit {
      @Override
      public long bytes() {
        return file.size();
      }
    }

    /** A part of a file. */
    record Part(PartsUpload upload, int number) implements Unit {
      @Override
      public long bytes() {
        return upload.plan().size(number);
      }
    }

    /** A file in parts one after the other, from a source that gives it only from its start. */
    record Parts(PartsUpload upload) implements Unit {
      @Override
      public long bytes() {
        return upload.plan().file().size();
      }
    }
  }

  /** Sends them all. */
  void send(Collection<ManifestFile> files) {
    progress.phase(Phase.SENDING, files.size(), files.stream().mapToLong(ManifestFile::size).sum());
    List<Unit> units = new ArrayList<>();
    PartLimits limits = route.writes().parts();
    // The largest first: so no thread is left with one at the end, and parts of a file go together.
    List<ManifestFile> inOrder =
        files.stream().sorted(Comparator.comparingLong(ManifestFile::size).reversed()).toList();
    List<String> paths = inOrder.stream().map(ManifestFile::path).toList();
    route.source().willRead(paths);
    route.target().willWrite(paths);
    List<ManifestFile> small = new ArrayList<>();
    for (ManifestFile file : inOrder) {
      PartPlan plan = limits == null ? null : PartPlan.of(file, limits).orElse(null);
      if (plan != null) {
        units.addAll(unitsOf(new PartsUpload(route, plan)));
      } else if (file.size() > Relay.MOST_BYTES) {
        units.add(new Unit.Whole(file));
      } else {
        small.add(file);
      }
    }
    Set<PartsUpload> again = ConcurrentHashMap.newKeySet();
    Queue<Unit> queue = new ConcurrentLinkedQueue<>(units);
    Relay relay = new Relay(route, flights, progress, small);
    flights.inLanes(() -> {
      for (Unit unit = queue.poll(); unit != null; unit = queue.poll()) {
        fly(unit, again);
      }
      relay.join();
    });
    // An upload that expired is begun anew; a second time its failure is told.
    while (!again.isEmpty()) {
      List<Unit> rest = new ArrayList<>();
      for (PartsUpload upload : again) {
        rest.addAll(unitsOf(upload));
      }
      again.clear();
      SideBySide.each(rest, flights.lanes(), unit -> fly(unit, again));
    }
  }

  private List<Unit> unitsOf(PartsUpload upload) {
    List<Unit> units = new ArrayList<>();
    if (route.reads().ranges()) {
      for (int number = 1; number <= upload.plan().parts(); number++) {
        units.add(new Unit.Part(upload, number));
      }
    } else {
      units.add(new Unit.Parts(upload));
    }
    return units;
  }

  private void fly(Unit unit, Set<PartsUpload> again) {
    flights.one(
        unit.bytes(),
        () -> {
          switch (unit) {
            case Unit.Whole(ManifestFile file) -> {
              route.twice(() -> whole(file));
              progress.file();
            }
            case Unit.Part(PartsUpload upload, int number) ->
                inParts(
                    upload,
                    again,
                    () -> route.twice(() -> upload.sendRange(number, progress::sent)));
            case Unit.Parts(PartsUpload upload) ->
                inParts(upload, again, () -> route.twice(() -> sequentially(upload)));
          }
        });
  }

  private void whole(ManifestFile file) {
    ArtifactStore target = route.target();
    route
        .source()
        .<ManifestFile>read(
            file.path(),
            in -> {
              PartDigests digests = new PartDigests(file.path(), file);
              target.write(file.path(), file.size(), out -> digests.pump(in, out, progress::sent));
              return file;
            });
  }

  private void inParts(PartsUpload upload, Set<PartsUpload> again, Runnable sending) {
    try {
      sending.run();
      if (upload.complete()) {
        progress.file();
      }
    } catch (UploadGone _) {
      again.add(upload);
    }
  }

  /** One stream of the source, cut while it passes; what is there already is read and not sent. */
  private void sequentially(PartsUpload upload) {
    PartPlan plan = upload.plan();
    List<Integer> missing = upload.missing();
    route
        .source()
        .<Boolean>read(
            plan.file().path(),
            in -> {
              for (int number = 1; number <= plan.parts(); number++) {
                ArtifactSource.Stream part = next(in, plan.size(number));
                if (missing.contains(number)) {
                  upload.send(number, part, progress::sent);
                } else {
                  plan.digests(number).readAll(part, ignored -> {});
                }
              }
              if (in.read(new byte[1]) >= 0) {
                throw new WrongBytes(
                    "file "
                        + plan.file().path()
                        + " is longer than its "
                        + plan.file().size()
                        + " bytes");
              }
              return true;
            });
  }

  private static ArtifactSource.Stream next(ArtifactSource.Stream in, long length) {
    long[] left = {length};
    return buffer -> {
      if (left[0] == 0) {
        return -1;
      }
      if (left[0] >= buffer.length) {
        int read = in.read(buffer);
        left[0] -= Math.max(read, 0);
        return read;
      }
      byte[] last = new byte[(int) left[0]];
      int read = in.read(last);
      if (read > 0) {
        left[0] -= read;
        System.arraycopy(last, 0, buffer, 0, read);
      }
      return read;
    };
  }
}
