package dev.portage.transfer;

import dev.portage.copy.CopyProgress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what many threads do, and tells it as one record. */
final class Progress {
  /** Before that a rate says little. */
  private static final long RATE_AFTER_NANOS = 1_000_000_000;

  /** One phase and its own counters, so that a late count does not run into the next phase. */
  private record Counters(
      CopyProgress.Phase phase,
      long files,
      long bytes,
      LongAdder filesDone,
      LongAdder bytesDone,
      long began) {
    private static Counters of(CopyProgress.Phase phase, long files, long bytes) {
      return new Counters(phase, files, bytes, new LongAdder(), new LongAdder(), System.nanoTime());
    }

    private @Nullable Long rate() {
      long nanos = System.nanoTime() - began;
      return nanos < RATE_AFTER_NANOS
          ? null
          : Long.valueOf((long) (bytesDone.sum() / (nanos / 1e9)));
    }
  }

  private final AtomicReference<Counters> now = new AtomicReference<>();
  private final LongAdder sent = new LongAdder();
  private final Cursor cursor;
  private volatile Map<String, Integer> places = Map.of();

  /** Nothing done yet. */
  Progress(CopyProgress.Phase phase) {
    this(phase, null);
  }

  /** Goes on after another attempt. */
  Progress(CopyProgress.Phase phase, @Nullable CopyProgress before) {
    now.set(Counters.of(phase, 0, 0));
    cursor = Cursor.of(before == null ? null : before.cursor());
  }

  /** Starts a phase. */
  void phase(CopyProgress.Phase phase, long files, long bytes) {
    now.set(Counters.of(phase, files, bytes));
  }

  /** Says which place each file has in the manifest, without which none counts as verified. */
  void places(Map<String, Integer> byPath) {
    places = new HashMap<>(byPath);
  }

  /** A file was read back and is right. */
  void verified(String path) {
    Integer place = places.get(path);
    if (place != null) {
      cursor.add(place);
    }
  }

  /** A file is sent again: what was read of it before does not count. */
  void unverified(String path) {
    Integer place = places.get(path);
    if (place != null) {
      cursor.remove(place);
    }
  }

  /** Whether a file was read back and found right, by this attempt or the one before. */
  boolean isVerified(String path) {
    Integer place = places.get(path);
    return place != null && cursor.has(place);
  }

  void bytes(long count) {
    now.get().bytesDone().add(count);
  }

  void sent(long count) {
    sent.add(count);
    bytes(count);
  }

  void file() {
    now.get().filesDone().increment();
  }

  /** Bytes that were handed to the target, in all phases. */
  long sentBytes() {
    return sent.sum();
  }

  /** How far it is. */
  CopyProgress told() {
    Counters counters = now.get();
    return new CopyProgress(
        counters.phase(),
        counters.filesDone().sum(),
        counters.files(),
        counters.bytesDone().sum(),
        counters.bytes(),
        counters.rate(),
        cursor.text());
  }
}
