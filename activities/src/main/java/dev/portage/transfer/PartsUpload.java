package dev.portage.transfer;

import dev.portage.store.ArtifactSink;
import dev.portage.store.ArtifactSink.UploadGone;
import dev.portage.store.ArtifactSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One file on its way in parts, each by whichever thread comes first. Begun, or taken up where
 * another attempt left it, by the first of them and completed by the last.
 */
final class PartsUpload {
  private static final int MOST_BEGINNINGS = 2;

  private final CopyRoute route;
  private final PartPlan plan;
  private final Map<Integer, String> tags = new TreeMap<>();
  private ArtifactSink.@Nullable Upload upload;
  private int begun;
  private boolean completed;

  PartsUpload(CopyRoute route, PartPlan plan) {
    this.route = route;
    this.plan = plan;
  }

  PartPlan plan() {
    return plan;
  }

  /** The parts that have to be sent yet. */
  private synchronized List<Integer> missing() {
    open();
    List<Integer> missing = new ArrayList<>();
    for (int number = 1; number <= plan.parts(); number++) {
      if (!tags.containsKey(number)) {
        missing.add(number);
      }
    }
    return missing;
  }

  /** Sends a part from its range of the source. */
  void sendRange(int number, LongConsumer counted) {
    if (isThere(number)) {
      return;
    }
    route
        .source()
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
   * Sends all parts from one stream of the source, cut while it passes; what is there already is
   * read and not sent.
   */
  void sendAll(LongConsumer counted) {
    List<Integer> missing = missing();
    route
        .source()
        .<Boolean>read(
            plan.file().path(),
            in -> {
              for (int number = 1; number <= plan.parts(); number++) {
                ArtifactSource.Stream part = next(in, plan.size(number));
                if (missing.contains(number)) {
                  send(number, part, counted);
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

  /** Sends a part from a stream that stands at its beginning, and ends behind it. */
  private void send(int number, ArtifactSource.Stream in, LongConsumer counted) {
    ArtifactSink.Upload now = open();
    PartDigests digests = plan.digests(number);
    String tag;
    try {
      tag = now.part(number, plan.size(number), out -> digests.pump(in, out, counted));
    } catch (UploadGone gone) {
      restart(now, gone);
      throw gone;
    }
    synchronized (this) {
      if (now.equals(upload)) {
        tags.put(number, tag);
        route.uploads().sent(plan.file().path(), tags);
      }
    }
  }

  private synchronized boolean isThere(int number) {
    // What another attempt sent is known only once its upload is taken up.
    open();
    return tags.containsKey(number);
  }

  private synchronized ArtifactSink.Upload open() {
    ArtifactSink.Upload known = upload;
    if (known != null) {
      return known;
    }
    String path = plan.file().path();
    if (begun == 0) {
      Uploads.Known kept =
          route.uploads().find(path, plan.file().size(), plan.partBytes()).orElse(null);
      if (kept != null) {
        try {
          ArtifactSink.Upload resumed = route.target().resume(path, kept.token());
          tags.putAll(kept.tags());
          upload = resumed;
          return resumed;
        } catch (UploadGone gone) {
          tags.clear();
        }
      }
    }
    begun++;
    ArtifactSink.Upload fresh =
        route.target().begin(path, plan.file().size(), plan.partBytes(), plan.parts());
    route.uploads().begin(path, plan.file().size(), plan.partBytes(), fresh.token());
    upload = fresh;
    return fresh;
  }

  /**
   * Makes the file when all its parts are there.
   *
   * @return true for the one that made it
   */
  synchronized boolean complete() {
    ArtifactSink.Upload now = upload;
    if (completed || now == null || tags.size() < plan.parts()) {
      return false;
    }
    try {
      now.complete(List.copyOf(tags.values()));
    } catch (UploadGone gone) {
      restart(now, gone);
      throw gone;
    }
    completed = true;
    route.uploads().end(plan.file().path());
    return true;
  }

  /**
   * The store knows nothing of an upload any more: another is begun, once. All its parts have to be
   * sent then.
   */
  private synchronized void restart(ArtifactSink.Upload failed, UploadGone gone) {
    if (!failed.equals(upload)) {
      return; // Another part was told so before.
    }
    if (begun >= MOST_BEGINNINGS) {
      throw gone.why();
    }
    upload = null;
    tags.clear();
    begun = Math.max(begun, 1); // What another attempt left is not taken up twice.
    failed.abort();
  }
}
