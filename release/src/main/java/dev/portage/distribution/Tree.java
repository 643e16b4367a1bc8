package dev.portage.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of an archive by path, in the order in which they are packed. */
final class Tree {

  /** A file of an archive. */
  static final class Entry {
    private final byte[] content;
    private final boolean program;

    private Entry(byte[] content, boolean program) {
      this.content = content;
      this.program = program;
    }

    /** Its bytes, which nobody changes. */
    byte[] content() {
      return content;
    }

    /** Whether it can be run. */
    boolean isProgram() {
      return program;
    }
  }

  private final NavigableMap<String, Entry> entries = new TreeMap<>();

  /** Adds a file. */
  Tree add(String path, byte[] content, boolean program) {
    if (entries.put(path, new Entry(content, program)) != null) {
      throw new ReleaseException(path + " would be in the archive twice");
    }
    return this;
  }

  /** Adds a text. */
  Tree add(String path, String text, boolean program) {
    return add(path, text.getBytes(StandardCharsets.UTF_8), program);
  }

  /**
   * Adds all files below a folder, which may be in a zip; those that can be run stay so.
   *
   * @param below the folder of the archive that they go to
   * @param wanted which of them, by their path in the folder
   */
  Tree addAll(String below, Path folder, Predicate<String> wanted) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String path = folder.relativize(file).toString().replace('\\', '/');
        if (wanted.test(path)) {
          add(below + "/" + path, Files.readAllBytes(file), canBeRun(file));
        }
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + folder + " failed", e);
    }
  }

  private static boolean canBeRun(Path file) throws IOException {
    Set<PosixFilePermission> permissions =
        Files.getFileStore(file).supportsFileAttributeView("posix")
            ? Files.getPosixFilePermissions(file)
            : Set.of();
    return permissions.contains(PosixFilePermission.OWNER_EXECUTE);
  }

  /** The files by path, in order. */
  Map<String, Entry> entries() {
    return entries;
  }
}
