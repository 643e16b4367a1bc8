package dev.portage.transfer;

import dev.portage.candidate.ManifestFile;
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactSource;
import dev.portage.store.SideBySide;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends files that are small enough to be held. Some lanes read and others write, with a few files
 * between them: so neither server waits for the other's answer, and nothing is sent that turns out
 * wrong.
 */
final class Relay {
  /** What is held at most; files that are larger are streamed. */
  static final int MOST_BYTES = 256 * 1024;

  private record Held(ManifestFile file, Body body) {}

  private final CopyRoute route;
  private final Flights flights;
  private final Progress progress;
  private final Queue<ManifestFile> unread;
  private final BlockingQueue<Held> held;
  private final AtomicInteger unwritten;
  private final AtomicInteger lanes = new AtomicInteger();

  Relay(CopyRoute route, Flights flights, Progress progress, Collection<ManifestFile> files) {
    this.route = route;
    this.flights = flights;
    this.progress = progress;
    this.unread = new ConcurrentLinkedQueue<>(files);
    this.held = new ArrayBlockingQueue<>(flights.lanes());
    this.unwritten = new AtomicInteger(files.size());
  }

  /**
   * Takes part in it until there is nothing left to do: by turns, those who come read or write. At
   * least two must come.
   */
  void join() {
    try {
      if (lanes.getAndIncrement() % 2 == 0) {
        read();
      } else {
        write();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SideBySide.stopping();
    }
  }

  private void read() throws InterruptedException {
    for (ManifestFile file = unread.poll(); file != null; file = unread.poll()) {
      ManifestFile next = file;
      byte[] bytes = new byte[(int) next.size()];
      flights.one(next.size(), () -> route.twice(() -> read(next, bytes)));
      held.put(new Held(next, Body.of(bytes)));
    }
  }

  private void read(ManifestFile file, byte[] bytes) {
    route.source().<ManifestFile>read(file.path(), in -> hold(file, in, bytes));
  }

  private static ManifestFile hold(ManifestFile file, ArtifactSource.Stream in, byte[] bytes) {
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

  private void write() throws InterruptedException {
    while (unwritten.getAndDecrement() > 0) {
      Held next = held.take();
      ManifestFile file = next.file();
      flights.one(file.size(), () -> route.target().write(file.path(), file.size(), next.body()));
      progress.sent(file.size());
      progress.file();
    }
  }
}
