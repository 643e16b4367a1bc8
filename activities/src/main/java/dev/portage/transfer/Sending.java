package dev.portage.transfer;

import dev.portage.candidate.ManifestFile;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.copy.PartLimits;
import dev.portage.failure.Failures;
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactSink.Renewed;
import dev.portage.store.ArtifactSink.UploadGone;
import dev.portage.store.ArtifactSource;
import dev.portage.store.ArtifactStore;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends files from one store to another: small ones one by one, each from memory; large ones
 * streamed, in parts at once where the target takes parts. What passes is compared with the
 * manifest.
 */
final class Sending {
  /** Below this a file is held whole, so that nothing is sent that turns out wrong. */
  private static final int SMALL = 256 * 1024;

  private static final int MOST_RENEWALS = 3;

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
    for (ManifestFile file : inOrder) {
      PartPlan plan = limits == null ? null : PartPlan.of(file, limits).orElse(null);
      if (plan == null) {
        units.add(new Unit.Whole(file));
      } else {
        units.addAll(unitsOf(new PartsUpload(route, plan)));
      }
    }
    Set<PartsUpload> again = ConcurrentHashMap.newKeySet();
    fly(units, again);
    // An upload that expired is begun anew; a second time its failure is told.
    while (!again.isEmpty()) {
      List<Unit> rest = new ArrayList<>();
      for (PartsUpload upload : again) {
        rest.addAll(unitsOf(upload));
      }
      again.clear();
      fly(rest, again);
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

  private void fly(List<Unit> units, Set<PartsUpload> again) {
    flights.each(
        units,
        Unit::bytes,
        unit -> {
          switch (unit) {
            case Unit.Whole(ManifestFile file) -> {
              twice(() -> whole(file));
              progress.file();
            }
            case Unit.Part(PartsUpload upload, int number) ->
                inParts(upload, again, () -> twice(() -> upload.sendRange(number, progress::sent)));
            case Unit.Parts(PartsUpload upload) ->
                inParts(upload, again, () -> twice(() -> sequentially(upload)));
          }
        });
  }

  /** Bytes can turn on the way: only what the source gives twice is the source's. */
  private void twice(Runnable sending) {
    try {
      once(sending);
    } catch (WrongBytes first) {
      try {
        once(sending);
      } catch (WrongBytes second) {
        throw route.changed(second.why());
      }
    }
  }

  /**
   * A range behind the end of a file is as wrong as a file that ends too early. Where a grant was
   * refused, the bytes that were lost on it are read and sent again.
   */
  private static void once(Runnable sending) {
    try {
      for (int refused = 1; ; refused++) {
        try {
          sending.run();
          return;
        } catch (Renewed e) {
          if (refused == MOST_RENEWALS) {
            throw e.why();
          }
        }
      }
    } catch (ApplicationFailure e) {
      if (Integer.valueOf(416).equals(Failures.statusOf(e))) {
        throw new WrongBytes("a file is shorter than it was");
      }
      throw e;
    }
  }

  private void whole(ManifestFile file) {
    ArtifactStore target = route.target();
    if (file.size() <= SMALL) {
      byte[] bytes = new byte[(int) file.size()];
      route.source().<ManifestFile>read(file.path(), in -> held(file, in, bytes));
      target.write(file.path(), bytes.length, Body.of(bytes));
      progress.sent(bytes.length);
      return;
    }
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

  private static ManifestFile held(ManifestFile file, ArtifactSource.Stream in, byte[] bytes) {
    int[] at = {0};
    return new PartDigests(file.path(), file)
        .pump(
            in,
            (buffer, length) -> {
              System.arraycopy(buffer, 0, bytes, at[0], length);
              at[0] += length;
            },
            _ -> {});
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
