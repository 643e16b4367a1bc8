package dev.portage.transfer;

import dev.portage.copy.CopyProgress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts what many threads do, and reports it as one record. */
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

  private volatile List<Counters> phases;
  private final LongAdder sent = new LongAdder();
  private final Cursor cursor;
  private volatile Map<String, Integer> places = Map.of();

  /** Nothing done yet. */
  Progress(CopyProgress.Phase phase) {
    this(phase, null);
  }

  /** Continues after another attempt. */
  Progress(CopyProgress.Phase phase, @Nullable CopyProgress before) {
    phases = List.of(Counters.of(phase, 0, 0));
    cursor = Cursor.of(before == null ? null : before.cursor());
  }

  /**
   * Starts several phases over the same files, each following closely behind the one before. The
   * first unfinished one is reported.
   */
  void begin(long files, long bytes, CopyProgress.Phase... together) {
    phases = Stream.of(together).map(phase -> Counters.of(phase, files, bytes)).toList();
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

  /** Bytes passed in a phase; of one that is over they don't count. */
  void bytes(CopyProgress.Phase phase, long count) {
    of(phase).ifPresent(counters -> counters.bytesDone().add(count));
  }

  /** Bytes were handed to the target. */
  void sent(long count) {
    sent.add(count);
    bytes(CopyProgress.Phase.SENDING, count);
  }

  /** A file is through a phase. */
  void file(CopyProgress.Phase phase) {
    of(phase).ifPresent(counters -> counters.filesDone().increment());
  }

  private Optional<Counters> of(CopyProgress.Phase phase) {
    return phases.stream().filter(counters -> counters.phase() == phase).findFirst();
  }

  /** Bytes that were handed to the target, in all phases. */
  long sentBytes() {
    return sent.sum();
  }

  /** How far it is. */
  CopyProgress snapshot() {
    List<Counters> all = phases;
    Counters counters = all.getLast();
    for (Counters one : all.reversed()) {
      if (one.filesDone().sum() < one.files()) {
        counters = one;
      }
    }
    return new CopyProgress(
        counters.phase(),
        counters.filesDone().sum(),
        counters.files(),
        // What is sent again passes twice.
        Math.min(counters.bytesDone().sum(), counters.bytes()),
        counters.bytes(),
        counters.rate(),
        cursor.text());
  }
}
