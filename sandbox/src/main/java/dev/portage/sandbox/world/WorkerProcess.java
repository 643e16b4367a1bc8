package dev.portage.sandbox.world;

import dev.portage.sandbox.process.KeptProcess;
import dev.portage.sandbox.process.KeptProcess.Keeper;
import dev.portage.sandbox.process.Startup;
import dev.portage.sandbox.process.SupervisedProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * A worker in a process of its own, restarted whenever it dies. It sees only its own folder, and so
 * only its own secrets.
 */
public final class WorkerProcess implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

  private final String workspace;
  private final URI health;
  private final SupervisedProcess process;
  private final AtomicReference<List<String>> names;

  /**
   * How a worker is started.
   *
   * @param keeper watches over it
   * @param command the whole command line, by the names of the workspaces to serve
   * @param environment its variables in addition to this JVM's
   * @param folder where it runs
   * @param log where its output goes, by number of the start
   * @param port of /health and /metrics
   */
  record Launch(
      Keeper keeper,
      Function<List<String>, List<String>> command,
      Map<String, String> environment,
      Path folder,
      IntFunction<Path> log,
      int port) {}

  private WorkerProcess(
      String workspace,
      URI health,
      SupervisedProcess process,
      AtomicReference<List<String>> names) {
    this.workspace = workspace;
    this.health = health;
    this.process = process;
    this.names = names;
  }

  /**
   * Starts it and returns once it says that it is well.
   *
   * @param workspace the sandbox's own name of it
   * @param served the platform file's names of it
   * @param told gets a line whenever it has died, with what was done about it
   * @param changed called whenever it runs as another process
   */
  static WorkerProcess start(
      String workspace, List<String> served, Launch launch, Consumer<String> told, Runnable changed)
      throws IOException {
    String name = "worker of " + workspace;
    AtomicReference<List<String>> names = new AtomicReference<>(List.copyOf(served));
    URI health = URI.create("http://127.0.0.1:" + launch.port() + "/health");
    return new WorkerProcess(
        workspace,
        health,
        SupervisedProcess.start(
            name,
            start ->
                KeptProcess.start(
                    launch.keeper(),
                    launch.command().apply(names.get()),
                    launch.environment(),
                    launch.folder(),
                    launch.log().apply(start)),
            started -> Startup.await(started, name, health, START_TIMEOUT),
            told,
            changed),
        names);
  }

  /** The workspace it serves. */
  public String workspace() {
    return workspace;
  }

  /** Its process id, of now. */
  public long pid() {
    return process.pid();
  }

  /** How often it was started. */
  public int starts() {
    return process.starts();
  }

  /** Where it says how it is. */
  public URI health() {
    return health;
  }

  /** Kills it as a crash would. It is started again. */
  public void kill() {
    process.kill();
  }

  /** Starts it at once if it waits for its next start. */
  void wake() {
    process.wake();
  }

  /**
   * Makes it serve the workspace under these names. It is restarted if they have changed.
   *
   * @return whether it was
   */
  boolean serve(List<String> served) {
    if (names.getAndSet(List.copyOf(served)).equals(served)) {
      return false;
    }
    process.restart();
    return true;
  }

  /** The platform file's names of the workspace, as it serves them. */
  public List<String> serves() {
    return names.get();
  }

  /** Ends it for good. */
  @Override
  public void close() {
    process.close();
  }
}
