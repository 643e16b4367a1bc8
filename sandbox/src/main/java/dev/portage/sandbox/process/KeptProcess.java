package dev.portage.sandbox.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A process in a session and process group of its own. The whole group ends with this JVM, however
 * the JVM ends: a small Python program between the two watches a pipe that only a living JVM holds
 * open.
 */
public final class KeptProcess implements AutoCloseable {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(12);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(10);

  private final Process keeper;
  private final long pid;
  private final Path log;

  private KeptProcess(Process keeper, long pid, Path log) {
    this.keeper = keeper;
    this.pid = pid;
    this.log = log;
  }

  /**
   * Starts a command.
   *
   * @param keeper what watches over it
   * @param command program and arguments; no secrets, since anyone may list processes
   * @param environment added to this JVM's own, from which foreign settings are removed
   * @param folder working folder, has to exist
   * @param log where its output goes, replaced when there
   * @throws IOException when it cannot be started
   */
  public static KeptProcess start(
      Keeper keeper, List<String> command, Map<String, String> environment, Path folder, Path log)
      throws IOException {
    Path parent = log.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path pidFile = Files.createTempFile(folder, ".started", ".pid");
    Files.delete(pidFile);
    ProcessBuilder builder = new ProcessBuilder(keeper.command(command));
    builder.directory(folder.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(log.toFile());
    ForeignSettings.removeFrom(builder.environment());
    builder.environment().putAll(environment);
    builder.environment().put("PORTAGE_KEPT_PID", pidFile.toAbsolutePath().toString());
    Process process = builder.start();
    try {
      return new KeptProcess(process, awaitPid(process, pidFile, log), log);
    } catch (IOException e) {
      process.destroy();
      throw e;
    } finally {
      Files.deleteIfExists(pidFile);
    }
  }

  private static long awaitPid(Process process, Path pidFile, Path log) throws IOException {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (System.nanoTime() < deadline) {
      // Read before the check for life: a command may have come and gone.
      boolean alive = process.isAlive();
      if (Files.exists(pidFile)) {
        return Long.parseLong(Files.readString(pidFile));
      }
      if (!alive) {
        break;
      }
      pause(process);
    }
    throw new IOException("did not start: " + String.join(" / ", LogTail.of(log, 5)));
  }

  private static void pause(Process process) throws IOException {
    try {
      process.waitFor(10, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a process started", e);
    }
  }

  /** Process id of the command itself. */
  public long pid() {
    return pid;
  }

  /** Where its output goes. */
  public Path log() {
    return log;
  }

  /** Whether it still runs. */
  public boolean isAlive() {
    return keeper.isAlive();
  }

  /** Its exit code, once it and its group are gone; 137 after SIGKILL. */
  public CompletableFuture<Integer> ended() {
    CompletableFuture<Integer> ended = new CompletableFuture<>();
    // A thread of its own: Process.onExit needs the common pool, which may be busy for long.
    Thread.ofVirtual()
        .name("ended-" + pid)
        .start(() -> {
          try {
            ended.complete(keeper.waitFor());
          } catch (InterruptedException e) {
            ended.completeExceptionally(e);
          }
        });
    return ended;
  }

  /** Kills the command as a crash would, without a chance to tidy up. */
  public void kill() {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Ends the whole group, gracefully if it obeys, else by force. Returns when it is gone. */
  @Override
  public void close() {
    // The keeper takes this as the sign, even if nothing else is attached to it.
    try {
      keeper.getOutputStream().close();
    } catch (IOException e) {
      keeper.destroy();
    }
    try {
      if (!keeper.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
        keeper.destroyForcibly();
      }
    } catch (InterruptedException e) {
      // The keeper has its sign and ends the group, awaited or not.
      Thread.currentThread().interrupt();
    }
  }

  /** The command line of a keeper, for programs that start their process themselves. */
  public record Keeper(Path python, Path script) {

    /** Puts the script into a folder. */
    public static Keeper in(Path folder, Path python) throws IOException {
      Files.createDirectories(folder);
      Path script = folder.resolve("keeper.py").toAbsolutePath();
      try (var source = KeptProcess.class.getResourceAsStream("keeper.py")) {
        if (source == null) {
          throw new IOException("keeper.py is missing from the sandbox's jar");
        }
        byte[] text = source.readAllBytes();
        // Never rewritten in place: a keeper that starts this instant would read half of it.
        if (!Files.exists(script) || !java.util.Arrays.equals(Files.readAllBytes(script), text)) {
          Path fresh = Files.createTempFile(folder, "keeper", ".py");
          Files.write(fresh, text);
          Files.move(fresh, script, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
      }
      return new Keeper(python.toAbsolutePath(), script);
    }

    /** A command as the keeper runs it. */
    public List<String> command(List<String> command) {
      List<String> kept = new ArrayList<>();
      kept.add(python.toString());
      // Isolated and without site packages: starts in about 20 ms and heeds nobody's settings.
      kept.addAll(List.of("-I", "-S"));
      kept.add(script.toString());
      kept.addAll(command);
      return kept;
    }
  }
}
