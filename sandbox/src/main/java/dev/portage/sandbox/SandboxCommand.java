package dev.portage.sandbox;

import dev.portage.sandbox.demo.DemoCommand;
import dev.portage.text.Visible;
import dev.portage.worker.WorkerCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code portage sandbox} and {@code portage demo}. */
@Command(
    name = "portage",
    subcommands = {KeepCommand.class, DemoCommand.class},
    description = "Run everything that a promotion needs on this machine.")
public final class SandboxCommand {
  private static final String LOGGING = "logback.configurationFile";

  private SandboxCommand() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "dev/portage/sandbox/logback.xml");
    }
    System.exit(run(arguments));
  }

  private static int run(String... arguments) {
    CommandLine line = new CommandLine(new SandboxCommand());
    line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler(WorkerCommand::usageError);
    line.setExecutionExceptionHandler((exception, _, _) -> {
      System.err.println("portage: " + told(exception));
      if (System.getenv("PORTAGE_TRACE") != null) {
        exception.printStackTrace();
      }
      return 1;
    });
    return line.execute(arguments);
  }

  /** The sandbox's own messages may have several lines; what others say has one. */
  static String told(Exception exception) {
    String message = String.valueOf(exception.getMessage());
    return exception instanceof SandboxException ? Visible.lines(message) : Visible.line(message);
  }

  /**
   * The checkout: the one that the launcher names, else the nearest parent folder that is one.
   *
   * @throws SandboxException when there is none
   */
  public static Path root() {
    String named = System.getProperty("portage.root");
    if (named != null) {
      return Path.of(named);
    }
    for (@Nullable Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("sandbox/src/main/python"))) {
        return at;
      }
    }
    throw new SandboxException("run ./portage from a checkout of Portage");
  }

  /**
   * A folder, as typed or by default below {@code .portage}.
   *
   * @throws SandboxException when it is a file
   */
  public static Path folder(@Nullable Path typed, String byDefault) {
    if (typed != null && Files.exists(typed) && !Files.isDirectory(typed)) {
      throw new SandboxException(
          "--folder " + typed + " is a file; name a folder, which is created if it is missing");
    }
    return typed == null ? root().resolve(".portage").resolve(byDefault) : typed;
  }
}
