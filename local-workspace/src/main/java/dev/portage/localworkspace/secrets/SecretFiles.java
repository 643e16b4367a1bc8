package dev.portage.localworkspace.secrets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Scopes and secrets on disk: a folder and a file each, which nobody but their owner may read.
 * People may put them there by hand too. What begins with a dot is the workspace's own.
 */
final class SecretFiles {
  private final Path root;

  SecretFiles(Path root) {
    this.root = root;
  }

  /** The names in a folder, sorted; empty if there is none. */
  private static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("can't list " + folder, e);
    }
  }

  /** The scopes. */
  List<String> scopes() {
    return names(root);
  }

  /** The keys in a scope. */
  List<String> keys(String scope) {
    return names(root.resolve(scope));
  }

  /** The name that is there, which may differ in case from what is asked for. */
  static Optional<String> find(List<String> names, String asked) {
    return names.stream().filter(name -> name.equalsIgnoreCase(asked)).findFirst();
  }

  /** A file in a scope. */
  Path file(String scope, String name) {
    return root.resolve(scope).resolve(name);
  }

  void makeScope(String scope) throws IOException {
    makeFolder(root);
    makeFolder(root.resolve(scope));
  }

  private static void makeFolder(Path folder) throws IOException {
    try {
      Files.createDirectory(folder, only("rwx------"));
    } catch (FileAlreadyExistsException there) {
      return;
    }
  }

  /** Writes a file whole or not at all. */
  void write(String scope, String name, byte[] content) throws IOException {
    Path fresh = file(scope, "." + name + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, only("rw-------"));
    Files.write(fresh, content, StandardOpenOption.WRITE);
    Files.move(
        fresh,
        file(scope, name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  void deleteScope(String scope) throws IOException {
    try (Stream<Path> tree = Files.walk(root.resolve(scope))) {
      for (Path path : (Iterable<Path>) tree.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }

  private static FileAttribute<?>[] only(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
