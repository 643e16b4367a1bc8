package dev.portage.transfer;

import dev.portage.candidate.ManifestFile;
import dev.portage.store.ArtifactSink;
import dev.portage.store.ArtifactSink.UploadGone;
import dev.portage.store.ArtifactSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The upload of one file in parts, each sent by whichever thread is free. The first starts it, or
 * continues it where another attempt left off; the last completes it.
 */
final class PartsUpload {
  private static final int MOST_BEGINNINGS = 2;

  private final TransferEnds ends;
  private final PartPlan plan;

  /** Null before the upload is started or continued, and while it must be restarted. */
  private @Nullable UnderWay underWay;

  private int begun;

  /** Whether it was tried to complete this upload. */
  private boolean completing;

  private boolean completed;

  PartsUpload(TransferEnds ends, PartPlan plan) {
    this.ends = ends;
    this.plan = plan;
  }

  /** A started upload, and its parts that have arrived. Compared by identity. */
  private static final class UnderWay {
    private final ArtifactSink.Upload upload;
    private final SentParts parts;

    private UnderWay(ArtifactSink.Upload upload, SentParts parts) {
      this.upload = upload;
      this.parts = parts;
    }
  }

  PartPlan plan() {
    return plan;
  }

  /** Sends a part from its range of the source. */
  void sendRange(int number, LongConsumer counted) {
    // What another attempt sent is known only once its upload is taken up.
    if (open().parts.has(number)) {
      return;
    }
    ends.source()
        .<Boolean>read(
            plan.file().path(),
            plan.offset(number),
            plan.size(number),
            in -> {
              send(number, in, counted);
              return true;
            });
  }

  /**
   * Sends all parts from one stream of the source, cut while it passes; parts that are already
   * there are read and not sent.
   */
  void sendAll(LongConsumer counted) {
    UnderWay now = open();
    ends.source()
        .<Boolean>read(
            plan.file().path(),
            in -> {
              for (int number = 1; number <= plan.parts(); number++) {
                ArtifactSource.Stream part = next(in, plan.size(number));
                if (now.parts.has(number)) {
                  plan.digests(number).readAll(part, _ -> {});
                } else {
                  send(number, part, counted);
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

  /** Sends a part from a stream positioned at its beginning, and stops right behind it. */
  private void send(int number, ArtifactSource.Stream in, LongConsumer counted) {
    UnderWay now = open();
    PartDigests digests = plan.digests(number);
    String tag;
    try {
      tag = now.upload.part(number, plan.size(number), out -> digests.pump(in, out, counted));
    } catch (UploadGone gone) {
      restart(now, gone);
      throw gone;
    }
    now.parts.add(number, tag);
  }

  private synchronized UnderWay open() {
    UnderWay known = underWay;
    if (known == null) {
      Optional<UnderWay> before = begun == 0 ? takenUp() : Optional.empty();
      known = before.isPresent() ? before.get() : fresh();
      underWay = known;
    }
    return known;
  }

  private Optional<UnderWay> takenUp() {
    String path = plan.file().path();
    return ends.uploads()
        .find(path, plan.file().size(), plan.partBytes())
        .flatMap(known -> {
          try {
            return Optional.of(
                new UnderWay(ends.target().resume(path, known.token()), known.parts()));
          } catch (UploadGone gone) {
            return Optional.empty();
          }
        });
  }

  private UnderWay fresh() {
    begun++;
    ManifestFile file = plan.file();
    ArtifactSink.Upload fresh =
        ends.target().begin(file.path(), file.size(), plan.partBytes(), plan.parts());
    return new UnderWay(
        fresh, ends.uploads().begin(file.path(), file.size(), plan.partBytes(), fresh.token()));
  }

  /**
   * Creates the file once all its parts are there.
   *
   * @return true for the one that made it
   */
  synchronized boolean complete() {
    UnderWay now = underWay;
    if (completed || now == null || now.parts.count() < plan.parts()) {
      return false;
    }
    boolean mayBeDone = completing;
    completing = true;
    try {
      now.upload.complete(List.copyOf(now.parts.tags().values()));
    } catch (UploadGone gone) {
      // One whose answer was lost has made the file, and then the upload is gone for good.
      if (!mayBeDone || !isThere()) {
        completing = false;
        restart(now, gone);
        throw gone;
      }
    }
    completed = true;
    ends.uploads().end(plan.file().path());
    return true;
  }

  private boolean isThere() {
    return new Listed(ends.target().list()).has(plan.file());
  }

  /**
   * The store no longer knows an upload: another is started, once. All its parts must be sent then.
   */
  private synchronized void restart(UnderWay failed, UploadGone gone) {
    if (!failed.equals(underWay)) {
      return; // Another part found this out before.
    }
    if (begun >= MOST_BEGINNINGS) {
      throw gone.why();
    }
    underWay = null;
    begun = Math.max(begun, 1); // What another attempt left is not taken up twice.
    failed.upload.abort();
  }
}
