package dev.portage.command;

import dev.portage.connection.TemporalConnection;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The environment a command runs in.
 *
 * @param environment the process's variables
 * @param folder where it runs
 * @param out for results
 * @param err for errors, and for progress where {@code out} must hold one JSON document
 * @param clock for moments as people read them
 * @param timeouts how long to wait for others
 * @param terminal whether someone watches {@code out} as it is written
 * @param typed the next line that this person types, null when there is none
 */
public record CommandEnvironment(
    Map<String, String> environment,
    Path folder,
    PrintStream out,
    PrintStream err,
    Clock clock,
    Timeouts timeouts,
    boolean terminal,
    Typed typed) {

  /** What a person types. */
  @FunctionalInterface
  public interface Typed {
    /** The next line, null when there is none. */
    @Nullable String line();
  }

  /** One in which nobody types anything. */
  public CommandEnvironment(
      Map<String, String> environment,
      Path folder,
      PrintStream out,
      PrintStream err,
      Clock clock,
      Timeouts timeouts,
      boolean terminal) {
    this(environment, folder, out, err, clock, timeouts, terminal, () -> null);
  }

  /**
   * How long to wait for others.
   *
   * @param look between two reads of a promotion
   * @param worker for a worker to take something up
   * @param decision for the answer to a decision, and for Temporal's to any call
   */
  public record Timeouts(Duration look, Duration worker, Duration decision) {

    /** For people in front of a terminal. */
    public static Timeouts usual() {
      return new Timeouts(Duration.ofMillis(700), Duration.ofSeconds(10), Duration.ofSeconds(10));
    }
  }

  public CommandEnvironment {
    environment = Map.copyOf(environment);
  }

  /** The same with a named sandbox. */
  CommandEnvironment inSandbox(String named) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(TemporalConnection.SANDBOX, named);
    return new CommandEnvironment(more, folder, out, err, clock, timeouts, terminal, typed);
  }

  /** Those of this process. */
  public static CommandEnvironment ofProcess() {
    return new CommandEnvironment(
        System.getenv(),
        Path.of("").toAbsolutePath(),
        CheckedOutput.to(FileDescriptor.out),
        CheckedOutput.to(FileDescriptor.err),
        Clock.system(ZoneId.systemDefault()),
        Timeouts.usual(),
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent(),
        CommandEnvironment::readLine);
  }

  /** JDK 25 has no console where there is no terminal, as before JDK 22. */
  private static @Nullable String readLine() {
    return Optional.ofNullable(System.console()).map(Console::readLine).orElse(null);
  }
}
