package dev.portage.connection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.settings.RunningSandbox;
import dev.portage.temporal.Payloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The sandbox that {@link TemporalConnection} would connect to, with its platform file. */
public final class SandboxOfCommands implements RunningSandbox {

  @Override
  public Optional<String> platform(
      Map<String, String> environment, String folder, Consumer<String> notes) {
    try {
      SandboxChoice choice = TemporalConnection.choice(environment, Path.of(folder));
      choice.notes().forEach(notes);
      SandboxFile sandbox = choice.sandbox();
      return sandbox == null ? Optional.empty() : platform(sandbox);
    } catch (ConnectionException e) {
      throw new UnclearException(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> platform(SandboxFile sandbox) {
    try {
      JsonNode root = Payloads.mapper().readTree(sandbox.file().toFile());
      return Optional.of(root.path("platform").asText(""))
          .filter(text -> !text.isEmpty())
          .filter(text -> Files.isRegularFile(Path.of(text)));
    } catch (IOException e) {
      throw new ConnectionException(sandbox.file() + " can't be read; restart the sandbox", e);
    }
  }
}
