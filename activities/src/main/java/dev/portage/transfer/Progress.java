package dev.portage.transfer;

import dev.portage.copy.CopyProgress;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** Counts what many threads do, and tells it as one record. */
final class Progress {
  /** One phase and its own counters, so that a late count does not run into the next phase. */
  private record Counters(
      CopyProgress.Phase phase, long files, long bytes, LongAdder filesDone, LongAdder bytesDone) {}

  private final AtomicReference<Counters> now = new AtomicReference<>();
  private final LongAdder sent = new LongAdder();

  Progress(CopyProgress.Phase phase) {
    now.set(new Counters(phase, 0, 0, new LongAdder(), new LongAdder()));
  }

  /** Starts a phase. */
  void phase(CopyProgress.Phase phase, long files, long bytes) {
    now.set(new Counters(phase, files, bytes, new LongAdder(), new LongAdder()));
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
        counters.bytes());
  }
}
