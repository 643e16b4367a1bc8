package dev.portage.sandbox.python;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Runs the commands of a setup and logs their output.
 *
 * @param environment their variables in addition to those of this process
 */
record SetupCommand(Path log, Map<String, String> environment) {
  private static final int LINES_SHOWN = 6;

  /** What Maven says after every failure. */
  private static final Pattern ADVICE =
      Pattern.compile("\\[ERROR] *(To see the full|Re-run Maven|For more information|\\[Help|$).*");

  /**
   * Runs one to its end.
   *
   * @param aim what it is for, after "cannot"
   */
  void run(Duration limit, String aim, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // A person's own Python settings must not reach into this environment.
    builder.environment().keySet().removeIf(name -> name.startsWith("PYTHON"));
    builder.environment().remove("VIRTUAL_ENV");
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    // Nothing of it outlives this JVM when that is stopped.
    Thread atExit = new Thread(() -> end(process));
    Runtime.getRuntime().addShutdownHook(atExit);
    boolean ended = false;
    try {
      ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PythonMissingException("interrupted: cannot " + aim);
    } finally {
      if (!ended) {
        end(process);
      }
      forget(atExit);
    }
    if (!ended) {
      throw new PythonMissingException(
          "cannot " + aim + " within " + limit.toMinutes() + " min; see " + log);
    }
    if (process.exitValue() != 0) {
      throw new PythonMissingException(
          "cannot " + aim + " (exit code " + process.exitValue() + "), see " + log + tail());
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }

  private static void forget(Thread atExit) {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is already ending, and the hook with it.
    }
  }

  private String tail() throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank() && !ADVICE.matcher(line).matches())
            .toList();
    return ":\n  "
        + String.join("\n  ", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
  }
}
