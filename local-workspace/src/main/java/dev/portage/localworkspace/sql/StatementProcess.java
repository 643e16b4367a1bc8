package dev.portage.localworkspace.sql;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.protocol.Json;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A Python process that answers one statement after another, since loading its libraries takes far
 * longer than most statements do. It ends when this process does: its input ends then.
 */
final class StatementProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final Path log;

  /**
   * Talks to the process. A thread of the platform's: waiting for a pipe blocks the thread that
   * carries a virtual one.
   */
  private final ExecutorService talk;

  private StatementProcess(Process process, Path log) {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.log = log;
    this.talk =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("statements-" + process.pid()).factory());
  }

  /**
   * Starts one.
   *
   * @param script what it runs
   * @param folder for what it prints; it is made
   * @throws IOException when it can't be started
   */
  static StatementProcess start(Path python, Path script, Path folder) throws IOException {
    Files.createDirectories(folder);
    Path log = Files.createTempFile(folder, "statements", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(python.toString(), script.toString())
            .redirectError(Redirect.to(new File(log.toString())));
    builder.environment().clear();
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("LANG", "C.UTF-8");
    builder.environment().put("PYTHONUTF8", "1");
    builder.environment().put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    return new StatementProcess(builder.start(), log);
  }

  /** Whether it can be asked. */
  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Has a statement answered.
   *
   * @return the answer, which may be an error
   * @throws IOException when the process ended without an answer
   * @throws InterruptedException when it was cancelled; the process may still be at it
   */
  JsonNode answer(JsonNode asked) throws IOException, InterruptedException {
    try {
      return talk.submit(() -> exchange(asked)).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException broken) {
        throw broken;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private JsonNode exchange(JsonNode asked) throws IOException, InterruptedException {
    try {
      OutputStream in = process.getOutputStream();
      in.write(Json.bytes(asked));
      in.write('\n');
      in.flush();
      String line = answers.readLine();
      if (line != null) {
        return Json.read(line.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException _) {
      // A pipe that broke: the process has ended, and says more itself.
    }
    int code = process.waitFor();
    String said = Files.readString(log).strip();
    throw new IOException(
        "Python exited with "
            + code
            + " and no result: "
            + said.substring(said.lastIndexOf('\n') + 1));
  }

  /** Ends it, whatever it is doing. */
  @Override
  public void close() {
    process.destroyForcibly();
    talk.close();
    try {
      process.waitFor();
      Files.deleteIfExists(log);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException _) {
      // It stays among the working files.
    }
  }
}
