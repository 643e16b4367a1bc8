package dev.portage.command;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;

/** A terminal without a server behind it. */
final class Terminal {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Path folder;
  private final Map<String, String> environment;

  Terminal(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  Town.Ran run(String... arguments) {
    return run(new PrintStream(out, true, StandardCharsets.UTF_8), arguments);
  }

  /** Runs a command whose output goes elsewhere. */
  Town.Ran run(PrintStream elsewhere, String... arguments) {
    int code =
        PortageCommand.run(
            new CommandEnvironment(
                environment,
                folder,
                elsewhere,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Clock.system(ZoneOffset.UTC),
                new CommandEnvironment.Timeouts(
                    Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofSeconds(3)),
                false),
            arguments);
    return new Town.Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
