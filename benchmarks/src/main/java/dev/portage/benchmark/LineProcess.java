package dev.portage.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.temporal.Payloads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A tool in a process of its own that takes one order per line and answers with one line. It says
 * "ready" once everything is loaded, so that no interpreter startup is measured.
 */
final class LineProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private final Writer in;
  private final Path log;

  LineProcess(List<String> command, Map<String, String> environment, Path log) throws IOException {
    this.log = log;
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("MLFLOW_"));
    builder.environment().putAll(environment);
    process = builder.start();
    out = process.inputReader(StandardCharsets.UTF_8);
    in = process.outputWriter(StandardCharsets.UTF_8);
    if (!"ready".equals(out.readLine())) {
      process.destroyForcibly();
      throw new IOException(command.getFirst() + " did not start; see " + log);
    }
  }

  /** Sends an order and waits for its answer. */
  JsonNode ask(ObjectNode order) throws IOException {
    in.write(order.toString() + "\n");
    in.flush();
    String answer = out.readLine();
    if (answer == null) {
      throw new IOException("it ended without an answer; see " + log);
    }
    return Payloads.mapper().readTree(answer);
  }

  static ObjectNode order() {
    return Payloads.mapper().createObjectNode();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
