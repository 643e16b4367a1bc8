package dev.portage.sandbox.world;

import dev.portage.sandbox.process.KeptProcess;
import dev.portage.sandbox.process.KeptProcess.Keeper;
import dev.portage.sandbox.process.Startup;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker in a process of its own, restarted whenever it dies. It sees only its own folder, and so
 * only its own secrets.
 */
public final class WorkerProcess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WorkerProcess.class);
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

  private final String workspace;
  private final Launch launch;
  private final Consumer<WorkerProcess> changed;
  private final URI health;
  private final Object monitor = new Object();
  private @Nullable KeptProcess process;
  private boolean closed;
  private int starts;
  private boolean sound;
  private Duration pause = FIRST_PAUSE;

  /**
   * How a worker is started.
   *
   * @param keeper watches over it
   * @param command the whole command line
   * @param environment its variables in addition to this JVM's
   * @param folder where it runs
   * @param log where its output goes, by number of the start
   * @param port of /health and /metrics
   */
  record Launch(
      Keeper keeper,
      List<String> command,
      Map<String, String> environment,
      Path folder,
      IntFunction<Path> log,
      int port) {}

  private WorkerProcess(String workspace, Launch launch, Consumer<WorkerProcess> changed) {
    this.workspace = workspace;
    this.launch = launch;
    this.changed = changed;
    this.health = URI.create("http://127.0.0.1:" + launch.port() + "/health");
  }

  /**
   * Starts it and returns once it says that it is well.
   *
   * @param changed called whenever it runs as another process
   */
  static WorkerProcess start(String workspace, Launch launch, Consumer<WorkerProcess> changed)
      throws IOException {
    WorkerProcess worker = new WorkerProcess(workspace, launch, changed);
    KeptProcess first = worker.run();
    try {
      worker.awaitHealth(first);
    } catch (IOException e) {
      worker.close();
      throw e;
    }
    return worker;
  }

  private KeptProcess run() throws IOException {
    synchronized (monitor) {
      starts++;
      KeptProcess started =
          KeptProcess.start(
              launch.keeper(),
              launch.command(),
              launch.environment(),
              launch.folder(),
              launch.log().apply(starts));
      process = started;
      sound = false;
      var _ = started.ended().thenAccept(this::died);
      return started;
    }
  }

  private void died(int code) {
    Duration wait;
    synchronized (monitor) {
      if (closed) {
        return;
      }
      // One that was well has not died of what it was started with.
      wait = sound ? FIRST_PAUSE : pause;
      Duration longer = wait.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }
    log.warn("worker of {} exited with {}; restarting it", workspace, code);
    // Not on the common pool, which may be busy for long.
    CompletableFuture.delayedExecutor(
            wait.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread)
        .execute(this::again);
  }

  private void again() {
    try {
      KeptProcess started;
      synchronized (monitor) {
        if (closed) {
          return;
        }
        started = run();
      }
      changed.accept(this);
      awaitHealth(started);
    } catch (IOException e) {
      log.error("worker of {} does not start again", workspace, e);
    }
  }

  private void awaitHealth(KeptProcess started) throws IOException {
    Startup.await(started, "worker of " + workspace, health, START_TIMEOUT);
    synchronized (monitor) {
      sound = started == process;
    }
  }

  /** The workspace it serves. */
  public String workspace() {
    return workspace;
  }

  /** Its process id, of now. */
  public long pid() {
    synchronized (monitor) {
      return process == null ? -1 : process.pid();
    }
  }

  /** How often it was started. */
  public int starts() {
    synchronized (monitor) {
      return starts;
    }
  }

  /** Where it says how it is. */
  public URI health() {
    return health;
  }

  /** Kills it as a crash would. It is started again. */
  public void kill() {
    synchronized (monitor) {
      if (process != null) {
        process.kill();
      }
    }
  }

  /** Ends it for good. */
  @Override
  public void close() {
    KeptProcess last;
    synchronized (monitor) {
      closed = true;
      last = process;
    }
    if (last != null) {
      last.close();
    }
  }
}
