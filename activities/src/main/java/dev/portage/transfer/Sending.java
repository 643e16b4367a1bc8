package dev.portage.transfer;

import dev.portage.candidate.Manifest;
import dev.portage.candidate.ManifestFile;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.copy.PartLimits;
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactSink.UploadGone;
import dev.portage.transfer.WorkQueue.Job;
import dev.portage.transfer.WorkQueue.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends files from one store to another: small ones from memory, so that nothing wrong is ever
 * sent; large ones streamed, in parallel parts if the target accepts parts. Everything that passes
 * is compared with the manifest; what has arrived is read back while the rest is under way.
 */
final class Sending {
  /** Files that arrived are read back so many, or so many bytes, at a time. */
  private static final int MOST_WAITING = 64;

  private final TransferEnds ends;
  private final Flights flights;
  private final Progress progress;
  private final @Nullable ReadBack readBack;
  private final WorkQueue workQueue;
  private final List<ManifestFile> arrived = new ArrayList<>();
  private int underWay;

  /**
   * For one lot of files.
   *
   * @param readBack compares what has arrived, null where nothing is read back
   */
  Sending(TransferEnds ends, Flights flights, Progress progress, @Nullable ReadBack readBack) {
    this.ends = ends;
    this.flights = flights;
    this.progress = progress;
    this.readBack = readBack;
    this.workQueue = flights.workQueue();
  }

  /** Sends them all, once. */
  void send(Collection<ManifestFile> files) {
    long bytes = files.stream().mapToLong(ManifestFile::size).sum();
    if (readBack == null) {
      progress.begin(files.size(), bytes, Phase.SENDING);
    } else {
      progress.begin(files.size(), bytes, Phase.SENDING, Phase.READING_BACK);
    }
    underWay = files.size();
    // The largest first: so no lane is left with one at the end, and parts of a file go together.
    List<ManifestFile> inOrder =
        files.stream().sorted(Comparator.comparingLong(ManifestFile::size).reversed()).toList();
    ends.source().willRead(Listed.asListed(inOrder));
    ends.target().willWrite(inOrder.stream().map(ManifestFile::path).toList());
    inOrder.forEach(file -> workQueue.add(jobs(file)));
    flights.work(workQueue);
  }

  private List<Job> jobs(ManifestFile file) {
    PartLimits limits = ends.writes().parts();
    PartPlan plan = limits == null ? null : PartPlan.of(file, limits).orElse(null);
    if (plan != null) {
      return jobs(new PartsUpload(ends, plan));
    }
    return file.size() > WorkQueue.SMALL
        ? List.of(new Job(Kind.STREAM, file.size(), () -> stream(file)))
        : List.of(new Job(Kind.READ, file.size(), () -> read(file)));
  }

  private List<Job> jobs(PartsUpload upload) {
    PartPlan plan = upload.plan();
    if (!ends.reads().ranges()) {
      // A source that gives a file only from its start: its parts go one after the other.
      return List.of(
          new Job(
              Kind.STREAM,
              plan.file().size(),
              () -> inParts(upload, () -> upload.sendAll(progress::sent))));
    }
    return IntStream.rangeClosed(1, plan.inOrder() ? 1 : plan.parts())
        .mapToObj(number -> part(upload, number))
        .toList();
  }

  /** One part; where they have to come in order it brings the next. */
  private Job part(PartsUpload upload, int number) {
    PartPlan plan = upload.plan();
    return new Job(
        Kind.STREAM,
        plan.size(number),
        () -> {
          boolean isSent = inParts(upload, () -> upload.sendRange(number, progress::sent));
          if (isSent && plan.inOrder() && number < plan.parts()) {
            workQueue.add(List.of(part(upload, number + 1)));
          }
        });
  }

  private void read(ManifestFile file) {
    byte[] bytes = new byte[(int) file.size()];
    ends.surely(
        file,
        () ->
            ends.source()
                .<ManifestFile>read(
                    file.path(), in -> new PartDigests(file.path(), file).fill(in, bytes)));
    workQueue.add(List.of(new Job(Kind.WRITE, file.size(), () -> write(file, Body.of(bytes)))));
  }

  private void write(ManifestFile file, Body body) {
    ends.target().write(file.path(), file.size(), body);
    progress.sent(file.size());
    hasArrived(file);
  }

  private void stream(ManifestFile file) {
    ends.surely(
        file,
        () ->
            ends.source()
                .<ManifestFile>read(
                    file.path(),
                    in -> {
                      PartDigests digests = new PartDigests(file.path(), file);
                      ends.target()
                          .write(
                              file.path(),
                              file.size(),
                              out -> digests.pump(in, out, progress::sent));
                      return file;
                    }));
    hasArrived(file);
  }

  /** Returns false if the upload was gone: then it is restarted, with all its parts. */
  private boolean inParts(PartsUpload upload, Runnable sending) {
    try {
      ends.surely(upload.plan().file(), sending);
      if (upload.complete()) {
        hasArrived(upload.plan().file());
      }
      return true;
    } catch (UploadGone _) {
      // The second time, its failure is thrown.
      workQueue.add(jobs(upload));
      return false;
    }
  }

  private void hasArrived(ManifestFile file) {
    progress.file(Phase.SENDING);
    if (readBack == null) {
      return;
    }
    List<ManifestFile> lot;
    synchronized (arrived) {
      arrived.add(file);
      underWay--;
      long bytes = arrived.stream().mapToLong(ManifestFile::size).sum();
      if (underWay > 0 && arrived.size() < MOST_WAITING && bytes < Manifest.PART_BYTES) {
        return;
      }
      lot = List.copyOf(arrived);
      arrived.clear();
    }
    // A separate job: if the server is busy only this is retried, and no file is left out.
    workQueue.add(List.of(new Job(Kind.DIGEST, 0, () -> workQueue.add(readBack.jobs(lot)))));
  }
}
