package dev.portage.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.command.CommandEnvironment;
import dev.portage.command.PortageCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a person's commands in a folder.
 *
 * @param folder the working directory
 */
public record Commands(Path folder) {
  private static final List<String> FOREIGN =
      List.of("TEMPORAL_", "PORTAGE_", "BUILD_", "SYSTEM_", "TF_BUILD", "AGENT_", "GIT_");

  /**
   * The result of a command.
   *
   * @param code exit code
   * @param out what it printed, errors included
   */
  public record Result(int code, String out) {

    /** The one document of {@code --output json}. */
    public JsonNode json() {
      try {
        return new ObjectMapper().readTree(out.substring(Math.max(0, out.indexOf("{\n"))));
      } catch (IOException e) {
        throw new AssertionError("no JSON document: " + out, e);
      }
    }
  }

  /** Runs a command and waits for it to end. */
  public Result run(String... arguments) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    boolean json = List.of(arguments).contains("json");
    PrintStream err =
        json
            ? new PrintStream(java.io.OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8)
            : out;
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> FOREIGN.stream().anyMatch(name::startsWith));
    int code =
        PortageCommand.run(
            new CommandEnvironment(
                environment,
                folder,
                out,
                err,
                CommandEnvironment.ofProcess().clock(),
                CommandEnvironment.Timeouts.usual(),
                false),
            arguments);
    return new Result(code, bytes.toString(StandardCharsets.UTF_8));
  }

  /** Runs a command that answers with a JSON document. */
  public Result json(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--output", "json"));
    return run(all.toArray(String[]::new));
  }
}
