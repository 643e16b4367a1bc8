package dev.portage.sandbox.world;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Where a sandbox stores its files.
 *
 * @param root the checkout, with the Python environment and programs in its {@code .portage}
 * @param home where commands look for a sandbox, and where its lock is
 * @param state the folder of this world: databases, artifacts, tables, logs
 */
public record WorldFolder(Path root, Path home, Path state) {

  public WorldFolder {
    root = root.toAbsolutePath().normalize();
    home = home.toAbsolutePath().normalize();
    state = state.toAbsolutePath().normalize();
  }

  /** The sandbox of a checkout. */
  public WorldFolder(Path root, Path state) {
    this(root, root.resolve(".portage"), state);
  }

  /**
   * A world that only commands below its own folder find, wherever that is: in addition to the
   * checkout's sandbox, if there is one.
   */
  public static WorldFolder apart(Path root, Path state) {
    return new WorldFolder(root, state.resolve(".portage"), state);
  }

  /** What commands in other terminals find the sandbox by. */
  public Path description() {
    return home.resolve("sandbox.json");
  }

  /** Held while a sandbox runs. */
  public Path lock() {
    return home.resolve("sandbox.lock");
  }

  /** The part that belongs to one workspace. */
  public Path workspace(String name) {
    return state.resolve(name);
  }

  /** The platform file that every worker reads. It is a person's to change. */
  public Path platformFile() {
    return state.resolve("portage.yaml");
  }

  /** The secrets of the worker of one workspace: its own alone. */
  public Path worker(String workspace) {
    return state.resolve("workers").resolve(workspace);
  }

  /** Output of a part. */
  public Path log(String part) {
    return state.resolve("logs").resolve(part + ".log");
  }

  /** Forgets everything that happened in this world; its lock and description stay. */
  public void clear() throws IOException {
    if (!Files.exists(state, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(state)) {
      for (Path path : (Iterable<Path>) tree.sorted(Comparator.reverseOrder())::iterator) {
        if (!(home.startsWith(state) && (path.startsWith(home) || home.startsWith(path)))) {
          Files.delete(path);
        }
      }
    }
  }
}
