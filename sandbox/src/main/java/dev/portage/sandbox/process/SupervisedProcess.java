package dev.portage.sandbox.process;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server of the sandbox, in a process that is restarted within seconds whenever it ends, and less
 * and less often while that fails. One that can't be started, or never stays up, is given up after
 * a while: such errors don't fix themselves.
 */
public final class SupervisedProcess implements AutoCloseable {
  private static final Limits USUAL =
      new Limits(Duration.ofMillis(200), Duration.ofSeconds(20), 12);

  /** Deaths within {@link #WINDOW} of one that starts well each time. */
  private static final int MOST_DEATHS = 100;

  private static final Duration WINDOW = Duration.ofMinutes(10);

  /**
   * How patiently it is started again.
   *
   * @param first pause before the first attempt; each further one is twice as long
   * @param longest pause
   * @param failures failed attempts in a row after which it is given up; as usual, after about two
   *     minutes
   */
  record Limits(Duration first, Duration longest, int failures) {}

  private final String name;
  private final Limits limits;
  private final Launcher launcher;
  private final Readiness readiness;
  private final Consumer<String> told;
  private final Runnable changed;
  private final Object monitor = new Object();
  private final Deque<Long> deaths = new ArrayDeque<>();
  private @Nullable KeptProcess process;
  private boolean closed;

  /** Whether it is down and waits for its next start. */
  private boolean waiting;

  /** Whether someone wants it started at once. */
  private boolean wanted;

  private int starts;

  /** Starts the process. */
  @FunctionalInterface
  public interface Launcher {
    /**
     * Starts it.
     *
     * @param start which start it is, from 1
     */
    KeptProcess launch(int start) throws IOException;
  }

  /** Waits for the process to answer. */
  @FunctionalInterface
  public interface Readiness {
    /**
     * Returns once it answers.
     *
     * @throws IOException when it ended before, or did not answer in time
     */
    void await(KeptProcess process) throws IOException;
  }

  private SupervisedProcess(
      String name,
      Limits limits,
      Launcher launcher,
      Readiness readiness,
      Consumer<String> told,
      Runnable changed) {
    this.name = name;
    this.limits = limits;
    this.launcher = launcher;
    this.readiness = readiness;
    this.told = told;
    this.changed = changed;
  }

  /**
   * Starts it and returns once it answers.
   *
   * @param name what it is, for messages
   * @param told gets a line whenever it has ended, with what was done about it
   * @param changed called whenever it runs as another process
   * @throws IOException when it does not come up; nothing runs then
   */
  public static SupervisedProcess start(
      String name, Launcher launcher, Readiness readiness, Consumer<String> told, Runnable changed)
      throws IOException {
    return start(name, USUAL, launcher, readiness, told, changed);
  }

  static SupervisedProcess start(
      String name,
      Limits limits,
      Launcher launcher,
      Readiness readiness,
      Consumer<String> told,
      Runnable changed)
      throws IOException {
    SupervisedProcess server =
        new SupervisedProcess(name, limits, launcher, readiness, told, changed);
    KeptProcess first = server.launch();
    try {
      readiness.await(first);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    Thread.ofVirtual().name("supervise " + name).start(() -> server.supervise(first));
    return server;
  }

  private KeptProcess launch() throws IOException {
    int start;
    synchronized (monitor) {
      start = ++starts;
    }
    KeptProcess started = launcher.launch(start);
    synchronized (monitor) {
      if (!closed) {
        process = started;
        return started;
      }
    }
    started.close();
    throw new IOException(name + " is being stopped");
  }

  private void supervise(KeptProcess first) {
    KeptProcess current = first;
    while (true) {
      int code = current.ended().join();
      long died = System.nanoTime();
      boolean expected;
      synchronized (monitor) {
        if (closed) {
          return;
        }
        expected = wanted;
        wanted = false;
      }
      String how = name + " ended (" + ending(code) + ")";
      if (!expected && diesTooOften(died)) {
        told.accept(
            how
                + " for the "
                + (MOST_DEATHS + 1)
                + "th time within "
                + WINDOW.toMinutes()
                + " minutes and is not restarted; its log: "
                + current.log()
                + "; restart the sandbox once that is fixed");
        if (!awaitWish()) {
          return;
        }
      }
      KeptProcess next = again(how);
      if (next == null) {
        return;
      }
      current = next;
      if (!expected) {
        told.accept(how + " and is running again after " + seconds(died));
      }
    }
  }

  private boolean diesTooOften(long now) {
    deaths.add(now);
    deaths.removeIf(then -> now - then > WINDOW.toNanos());
    return deaths.size() > MOST_DEATHS;
  }

  /** Starts it until it answers; null when it is no longer wanted. */
  private @Nullable KeptProcess again(String how) {
    Duration pause = limits.first();
    int failures = 0;
    while (sleep(pause)) {
      KeptProcess started = null;
      try {
        started = launch();
        changed.run();
        readiness.await(started);
        return started;
      } catch (IOException e) {
        failures++;
        if (started != null) {
          started.close();
        }
        if (isClosed()) {
          return null;
        }
        if (failures == 1) {
          told.accept(how + " and can't be started yet: " + e.getMessage());
        }
        pause = longer(pause);
        if (failures == limits.failures()) {
          told.accept(
              name
                  + " could not be started "
                  + failures
                  + " times in a row and is given up: "
                  + e.getMessage()
                  + "; restart the sandbox once that is fixed");
          if (!awaitWish()) {
            return null;
          }
          failures = 0;
          pause = limits.first();
        }
      }
    }
    return null;
  }

  private Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(limits.longest()) > 0 ? limits.longest() : twice;
  }

  /** Waits this long, or until someone wants it started at once; false if it must stop. */
  private boolean sleep(Duration pause) {
    long until = System.nanoTime() + pause.toNanos();
    synchronized (monitor) {
      waiting = true;
      while (!closed && !wanted) {
        long left = (until - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          break;
        }
        waitFor(left);
      }
      waiting = false;
      wanted = false;
      return !closed;
    }
  }

  private boolean awaitWish() {
    synchronized (monitor) {
      waiting = true;
      while (!closed && !wanted) {
        waitFor(0);
      }
      waiting = false;
      wanted = false;
      return !closed;
    }
  }

  @SuppressWarnings("WaitNotInLoop") // its callers loop
  private void waitFor(long millis) {
    try {
      monitor.wait(millis);
    } catch (InterruptedException e) {
      // Nobody interrupts this thread.
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  private boolean isClosed() {
    synchronized (monitor) {
      return closed;
    }
  }

  private static String ending(int code) {
    return code > 128 ? "killed by signal " + (code - 128) : "exit code " + code;
  }

  private static String seconds(long since) {
    return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - since) / 1e9);
  }

  /** Its process id, of now; -1 before the first start. */
  public long pid() {
    KeptProcess now = now();
    return now == null ? -1 : now.pid();
  }

  /** How often it was started. */
  public int starts() {
    synchronized (monitor) {
      return starts;
    }
  }

  /** Whether its process runs. */
  public boolean isAlive() {
    KeptProcess now = now();
    return now != null && now.isAlive();
  }

  /** Kills it as a crash would. It is started again. */
  public void kill() {
    KeptProcess now = now();
    if (now != null) {
      now.kill();
    }
  }

  /** Starts it immediately if it is waiting for its next start, even if it was given up. */
  public void wake() {
    synchronized (monitor) {
      wanted = waiting;
      monitor.notifyAll();
    }
  }

  /** Stops it gracefully and starts it again. */
  public void restart() {
    KeptProcess now;
    synchronized (monitor) {
      wanted = true;
      now = process;
      monitor.notifyAll();
    }
    if (now != null) {
      now.close();
    }
  }

  private @Nullable KeptProcess now() {
    synchronized (monitor) {
      return process;
    }
  }

  /** Ends it for good. */
  @Override
  public void close() {
    KeptProcess last;
    synchronized (monitor) {
      closed = true;
      last = process;
      monitor.notifyAll();
    }
    if (last != null) {
      last.close();
    }
  }
}
