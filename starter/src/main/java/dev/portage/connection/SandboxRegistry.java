package dev.portage.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.connection.ProcessMark.Life;
import dev.portage.temporal.Payloads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The sandboxes that a person runs on this machine, wherever they are stored: one file each, in a
 * folder that only that person can read. The file leads to the sandbox's own file, which has
 * everything else; a reader removes it when its process has ended.
 */
public final class SandboxRegistry {

  private static final String ENDING = ".json";

  private final Path folder;

  private SandboxRegistry(Path folder) {
    this.folder = folder;
  }

  /**
   * A person's registry: in {@code XDG_STATE_HOME}, by default {@code ~/.local/state}; on Windows
   * in {@code LOCALAPPDATA}. Empty if none of them is known.
   *
   * @param environment a process's variables
   */
  public static Optional<SandboxRegistry> of(Map<String, String> environment) {
    return base(environment)
        .map(base -> new SandboxRegistry(base.resolve("portage").resolve("sandboxes")));
  }

  private static Optional<Path> base(Map<String, String> environment) {
    // A path that is not absolute has to be passed over, as the specification wants it.
    return absolute(environment.get("XDG_STATE_HOME"))
        .or(() -> absolute(environment.get("LOCALAPPDATA")))
        .or(() -> absolute(environment.get("HOME")).map(home -> home.resolve(".local/state")));
  }

  private static Optional<Path> absolute(@org.jspecify.annotations.Nullable String text) {
    try {
      return text == null || text.isBlank()
          ? Optional.empty()
          : Optional.of(Path.of(text)).filter(Path::isAbsolute);
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  /** Where the files are. */
  public Path folder() {
    return folder;
  }

  /**
   * Registers a running sandbox until the result is closed. Registering it again changes nothing.
   *
   * @param file its {@code sandbox.json}
   * @param process the process that runs it
   * @throws IOException when the folder can't be written
   */
  public Registration register(Path file, ProcessMark process) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    Files.createDirectories(folder, ownersOnly("rwx------"));
    Path entry = folder.resolve(nameFor(absolute));
    ObjectNode json = Payloads.mapper().createObjectNode().put("file", absolute.toString());
    json.putObject("process")
        .put("host", process.host())
        .put("pid", process.pid())
        .put("started", process.started());
    // Readable for nobody else from the first byte on, and never half written.
    Path fresh = Files.createTempFile(folder, ".", ".new", ownersOnly("rw-------"));
    Files.writeString(fresh, json.toPrettyString() + "\n");
    Files.move(fresh, entry, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    return new Registration(entry, json.toPrettyString() + "\n");
  }

  private static String nameFor(Path file) {
    return UUID.nameUUIDFromBytes(file.toString().getBytes(StandardCharsets.UTF_8)) + ENDING;
  }

  private static FileAttribute<?>[] ownersOnly(String rights) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))
        }
        : new FileAttribute<?>[0];
  }

  /** A registered sandbox. */
  public static final class Registration implements AutoCloseable {
    private final Path entry;
    private final String text;

    private Registration(Path entry, String text) {
      this.entry = entry;
      this.text = text;
    }

    /** Whether it is still there: another process may have taken the sandbox for ended. */
    public boolean isThere() {
      return Files.exists(entry);
    }

    /** Removes it, unless a newer sandbox of the same folder has registered in the meantime. */
    @Override
    public void close() {
      try {
        if (Files.readString(entry).equals(text)) {
          Files.deleteIfExists(entry);
        }
      } catch (IOException _) {
        // A reader sees that its process has ended.
      }
    }
  }

  /** The sandboxes that run, in order of their folders. Removes the files of those that ended. */
  public List<SandboxFile> running() {
    List<SandboxFile> running = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (Path entry : entries) {
        read(entry).ifPresent(running::add);
      }
    } catch (IOException _) {
      // No sandbox has ever run, or they can't be seen: the commands say what else can be done.
      return List.of();
    }
    running.sort(Comparator.comparing(SandboxFile::folder));
    return List.copyOf(running);
  }

  private static Optional<SandboxFile> read(Path entry) throws IOException {
    try {
      var json = Payloads.mapper().readTree(Files.readString(entry));
      Life life = ProcessMark.read(json.path("process")).map(ProcessMark::life).orElse(Life.ENDED);
      Path file = Path.of(json.path("file").asText(""));
      if (life == Life.ENDED) {
        Files.deleteIfExists(entry);
        return Optional.empty();
      }
      return life == Life.RUNS && Files.isRegularFile(file)
          ? Optional.of(SandboxFile.read(file))
          : Optional.empty();
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (com.fasterxml.jackson.core.JsonProcessingException
        | InvalidPathException
        | ConnectionException _) {
      // Not written by us, or about to be replaced.
      return Optional.empty();
    }
  }
}
