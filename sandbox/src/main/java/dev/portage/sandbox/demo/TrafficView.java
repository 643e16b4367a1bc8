package dev.portage.sandbox.demo;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/** Shows how the traffic moves while something else is told: a look each half second. */
final class TrafficView implements AutoCloseable {

  private static final Duration LOOK = Duration.ofMillis(500);

  /** Where each look is a line of its own, only so many say the same. */
  private static final int SAME = 10;

  private final DemoScreen screen;
  private final Readers readers;
  private final Thread thread;
  private volatile boolean over;

  /** Shows it from now on. */
  TrafficView(DemoScreen screen, Readers readers) {
    this.screen = screen;
    this.readers = readers;
    this.thread = Thread.ofVirtual().name("traffic-view").start(this::run);
  }

  private void run() {
    SortedMap<String, Integer> shown = new TreeMap<>();
    int same = SAME;
    try {
      while (!over) {
        Readers.Count now = readers.count();
        // The numbers of requests always differ: what counts is who answers them.
        same = now.recent().equals(shown) ? same + 1 : 0;
        if (screen.isTerminal() || same % SAME == 0) {
          screen.draw(now);
        }
        shown = now.recent();
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Shows it no more. */
  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    screen.erase();
  }
}
