package dev.portage.connection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.connection.ProcessMark.Life;
import dev.portage.temporal.Payloads;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a running sandbox publishes in {@code .portage/sandbox.json}. The file also contains the
 * logins of its workspaces; they are not read here.
 *
 * @param file the file
 * @param name what people call it
 * @param address Temporal's host and port
 * @param namespace Temporal's namespace
 * @param ui Temporal's Web UI, null where none runs
 * @param process the process that runs it, null where the file does not say
 */
public record SandboxFile(
    Path file,
    String name,
    String address,
    String namespace,
    @Nullable URI ui,
    @Nullable ProcessMark process) {

  /** The folder that keeps it, with its file. */
  static final String HOME = ".portage";

  static final String FILE = "sandbox.json";

  /** The files of the folder and of those above it, the nearest first. */
  static List<Path> filesAround(Path folder) {
    List<Path> found = new ArrayList<>();
    for (@Nullable Path at = folder.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
      Path file = at.resolve(HOME).resolve(FILE);
      if (Files.isRegularFile(file)) {
        found.add(file);
      }
    }
    return found;
  }

  /** The folder that it is the sandbox of: the checkout of Portage, for most. */
  public Path folder() {
    Path home = Objects.requireNonNullElse(file.getParent(), file);
    return Objects.requireNonNullElse(home.getParent(), home);
  }

  /** Whether it may be running: one that was killed leaves its file behind. */
  boolean mayRun() {
    return process == null || process.life() != Life.ENDED;
  }

  /**
   * Reads a file.
   *
   * @throws ConnectionException when it can't be read
   */
  static SandboxFile read(Path file) {
    JsonNode root;
    try {
      root = Payloads.mapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new ConnectionException(file + " can't be read; restart the sandbox", e);
    }
    JsonNode temporal = root.path("temporal");
    String address = temporal.path("address").asText("");
    if (address.isEmpty()) {
      throw new ConnectionException(file + " has no temporal.address; restart the sandbox", null);
    }
    String ui = temporal.path("ui").asText("");
    SandboxFile read =
        new SandboxFile(
            file,
            root.path("name").asText(""),
            address,
            temporal.path("namespace").asText("default"),
            ui.isEmpty() ? null : URI.create(ui),
            ProcessMark.read(root.path("process")).orElse(null));
    return read.name().isEmpty() ? read.named(String.valueOf(read.folder().getFileName())) : read;
  }

  private SandboxFile named(String other) {
    return new SandboxFile(file, other, address, namespace, ui, process);
  }

  @Override
  public String toString() {
    return name + " (" + folder() + ")";
  }
}
