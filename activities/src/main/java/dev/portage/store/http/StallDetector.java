package dev.portage.store.http;

import dev.portage.http.StreamLimits;
import java.io.InterruptedIOException;

/**
 * Notices when a stream only trickles: a byte now and then never trips a limit on silence. Only the
 * time spent waiting for this stream counts, so a slow target doesn't make its source look slow.
 * For one thread.
 */
final class StallDetector {
  private final long window;
  private final long least;
  private long began;
  private long waited;
  private long bytes;

  /** Of one stream with these limits. */
  StallDetector(StreamLimits limits) {
    window = limits.silence().toNanos();
    least = limits.leastBytes();
  }

  /** Waiting begins. */
  void begin() {
    began = System.nanoTime();
  }

  /**
   * Waiting has ended.
   *
   * @param moved bytes that came, or were taken
   * @throws InterruptedIOException when it were too few, for too long
   */
  void end(int moved) throws InterruptedIOException {
    waited += System.nanoTime() - began;
    bytes += moved;
    if (bytes >= least) {
      waited = 0;
      bytes = 0;
    } else if (waited > window) {
      throw new InterruptedIOException("too slow");
    }
  }
}
