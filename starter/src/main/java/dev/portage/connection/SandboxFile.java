package dev.portage.connection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.temporal.Payloads;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a running sandbox publishes in {@code .portage/sandbox.json}. The file also contains the
 * logins of its workspaces; they are not read here.
 *
 * @param file the file
 * @param address Temporal's host and port
 * @param namespace Temporal's namespace
 * @param ui Temporal's Web UI, null where none runs
 */
public record SandboxFile(Path file, String address, String namespace, @Nullable URI ui) {

  /**
   * The sandbox of a folder or of one above it; empty when there is none.
   *
   * @throws ConnectionException when the file cannot be read
   */
  public static Optional<SandboxFile> around(Path folder) {
    for (@Nullable Path at = folder.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
      Path file = at.resolve(".portage").resolve("sandbox.json");
      if (Files.isRegularFile(file)) {
        return Optional.of(read(file));
      }
    }
    return Optional.empty();
  }

  private static SandboxFile read(Path file) {
    JsonNode temporal;
    try {
      temporal = Payloads.mapper().readTree(file.toFile()).path("temporal");
    } catch (IOException e) {
      throw new ConnectionException(file + " can't be read; restart the sandbox", e);
    }
    String address = temporal.path("address").asText("");
    if (address.isEmpty()) {
      throw new ConnectionException(file + " has no temporal.address; restart the sandbox", null);
    }
    String ui = temporal.path("ui").asText("");
    return new SandboxFile(
        file,
        address,
        temporal.path("namespace").asText("default"),
        ui.isEmpty() ? null : URI.create(ui));
  }
}
