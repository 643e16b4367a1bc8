package dev.portage.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.portage.azuredevops.LoggingCommands;
import dev.portage.payload.Payloads;
import java.io.PrintStream;
import java.util.List;

/**
 * Where a command prints. What others wrote reaches neither the terminal with control characters
 * nor a pipeline's agent as an order.
 */
final class Screen {

  private final PrintStream out;
  private final PrintStream err;
  private final Output output;

  Screen(PrintStream out, PrintStream err, Output output) {
    this.out = out;
    this.err = err;
    this.output = output;
  }

  boolean isJson() {
    return output == Output.JSON;
  }

  boolean isAzureDevOps() {
    return output == Output.AZURE_DEVOPS;
  }

  /** Lines for people; beside a JSON document they go where errors go. */
  void say(String text) {
    PrintStream to = isJson() ? err : out;
    text.lines().forEach(line -> to.println(harmless(line)));
  }

  void say(List<String> lines) {
    lines.forEach(line -> say(line.isEmpty() ? " " : line));
  }

  /** What went wrong. */
  void complain(String text) {
    text.lines().forEach(line -> err.println(harmless(line)));
    if (isAzureDevOps()) {
      out.println(LoggingCommands.error(text));
    }
  }

  /** The one JSON document. */
  void document(Object content) {
    if (isJson()) {
      try {
        out.println(
            Payloads.mapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(content));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("our own records become JSON", e);
      }
    }
  }

  /** A page as it is. */
  void page(String text) {
    text.lines().forEach(line -> out.println(harmless(line)));
  }

  /** An order to the pipeline's agent. */
  void order(String loggingCommand) {
    if (isAzureDevOps()) {
      out.println(loggingCommand);
    }
  }

  private String harmless(String line) {
    String printable = line.replaceAll("[\\p{Cntrl}&&[^\\t]]", "");
    return isAzureDevOps() ? LoggingCommands.harmless(printable) : printable;
  }
}
