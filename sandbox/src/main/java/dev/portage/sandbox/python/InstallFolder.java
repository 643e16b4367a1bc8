package dev.portage.sandbox.python;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A folder for an installation. A marker named after the hash of the sources is written last, so an
 * interrupted installation is repeated, and a complete one costs nothing.
 *
 * @param folder the folder; a lock file is next to it
 */
record InstallFolder(Path folder) {
  private static final String MARKER = "portage-ready-";

  /** What is to be done while no other process does it. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /** Whether it is whole, and was made from this. */
  boolean isReady(String key) {
    return Files.exists(marker(key));
  }

  /** Says that it is whole. */
  void markReady(String key) throws IOException {
    Files.createFile(marker(key));
  }

  private Path marker(String key) {
    return folder.resolve(MARKER + key);
  }

  /** Does something while no other process does it here. */
  void alone(Consumer<String> progress, Work work) throws IOException {
    Path beside = folder.resolveSibling(folder.getFileName() + ".lock");
    Files.createDirectories(folder.toAbsolutePath().getParent());
    try (FileChannel channel =
            FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = lock(channel, progress)) {
      work.run();
    }
  }

  private FileLock lock(FileChannel channel, Consumer<String> progress) throws IOException {
    FileLock free = channel.tryLock();
    if (free != null) {
      return free;
    }
    progress.accept(
        folder.getFileName() + ": waiting for another process to set up the same folder");
    return channel.lock();
  }

  /** Removes all of it. */
  void remove() throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    // The marker first: from here on the folder is no longer whole.
    try (DirectoryStream<Path> markers = Files.newDirectoryStream(folder, MARKER + "*")) {
      for (Path marker : markers) {
        Files.delete(marker);
      }
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) tree.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }

  /**
   * A hash of the files that something is made from.
   *
   * @throws PythonMissingException when one is not there
   */
  static String key(List<Path> files) throws IOException {
    MessageDigest digest = sha256();
    for (Path file : files) {
      if (!Files.exists(file)) {
        throw new PythonMissingException(
            file + " is missing: run this from a complete checkout of Portage");
      }
      digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
      digest.update(Files.readAllBytes(file));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The SHA-256 of a file, in lower-case hex. */
  static String sha256(Path file) throws IOException {
    return HexFormat.of().formatHex(sha256().digest(Files.readAllBytes(file)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
