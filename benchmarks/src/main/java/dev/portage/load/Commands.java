package dev.portage.load;

import dev.portage.command.CommandEnvironment;
import dev.portage.command.PortageCommand;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The {@code portage} command as people and pipelines run it. */
final class Commands {
  /** Exit code of a start that led to people who decide. */
  static final int WAITING = 4;

  /** Exit code of what has ended well. */
  static final int DONE = 0;

  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final LoadWorld world;
  private final Path folder;

  /**
   * Commands typed in a folder.
   *
   * @param folder where they are typed
   */
  Commands(LoadWorld world, Path folder) {
    this.world = world;
    this.folder = folder;
  }

  /**
   * Runs one in a process of its own. Returns how long it took.
   *
   * @throws LoadException when it ends with another exit code, with what it said
   */
  Duration process(int expected, String name, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Objects.requireNonNull(System.getProperty("java.class.path")),
                PortageCommand.class.getName()));
    command.addAll(List.of(arguments));
    Path output = folder.resolve(name + ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment());
    long began = System.nanoTime();
    try {
      Process process = builder.start();
      if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new LoadException("portage " + arguments[0] + " did not finish within " + TIMEOUT);
      }
      if (process.exitValue() != expected) {
        throw new LoadException(
            "portage "
                + String.join(" ", arguments)
                + " ended with "
                + process.exitValue()
                + ", not "
                + expected
                + ": "
                + Files.readString(output).strip());
      }
      return Duration.ofNanos(System.nanoTime() - began);
    } catch (IOException e) {
      throw new LoadException(
          "portage " + arguments[0] + " can't be started: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LoadException("interrupted", e);
    }
  }

  /** Runs one in this process, without its output. Returns its exit code. */
  int here(String... arguments) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return PortageCommand.run(
        new CommandEnvironment(
            environment(),
            folder,
            nowhere,
            nowhere,
            Clock.systemUTC(),
            CommandEnvironment.Timeouts.usual(),
            false),
        arguments);
  }

  private Map<String, String> environment() {
    return Map.of("TEMPORAL_ADDRESS", world.temporal());
  }
}
