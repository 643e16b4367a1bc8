package dev.portage.sandbox.world;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running parts of a world, and the order in which they stop. */
final class Parts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Parts.class);

  /** In order of their start; they end the other way round. */
  enum Kind {
    MLFLOW,
    TEMPORAL,
    WORKSPACE,
    WORKER
  }

  private final Map<Kind, List<AutoCloseable>> parts = new EnumMap<>(Kind.class);
  private boolean closed;

  /** Adds a part that has just started. Stops it at once if the world is stopping. */
  <T extends AutoCloseable> T add(Kind kind, T part) {
    synchronized (parts) {
      if (!closed) {
        parts.computeIfAbsent(kind, _ -> new ArrayList<>()).add(part);
        return part;
      }
    }
    end(part);
    throw new IllegalStateException("the sandbox is stopping");
  }

  /** Ends all. A second call returns when the first is done. */
  @Override
  public void close() {
    synchronized (this) {
      synchronized (parts) {
        closed = true;
      }
      for (Kind kind : List.of(Kind.WORKER, Kind.WORKSPACE, Kind.TEMPORAL, Kind.MLFLOW)) {
        List<AutoCloseable> ending = parts.getOrDefault(kind, List.of());
        List<Thread> threads =
            ending.stream().map(part -> Thread.startVirtualThread(() -> end(part))).toList();
        threads.forEach(Parts::await);
      }
      parts.clear();
    }
  }

  private static void await(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        // Half ended, it would leave processes behind.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void end(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      log.warn("{} did not stop cleanly", part, e);
    }
  }
}
