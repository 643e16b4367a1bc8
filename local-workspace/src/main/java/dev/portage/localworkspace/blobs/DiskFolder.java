package dev.portage.localworkspace.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Files by key in a folder. A file appears completely or not at all. */
final class DiskFolder {
  private final Path root;
  private final Path arriving;

  DiskFolder(Path root) throws IOException {
    this.root = Files.createDirectories(root.resolve("kept"));
    this.arriving = Files.createDirectories(root.resolve("arriving"));
  }

  /**
   * Where a key is kept.
   *
   * @throws BlobRefusal when the key is none, or leads out of the folder
   */
  Path at(String key) {
    Path path = root;
    for (String part : key.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
        throw new BlobRefusal(400, "InvalidUri", "The requested URI is not a valid key.");
      }
      path = path.resolve(part);
    }
    return path;
  }

  /** A new file that nobody sees yet. */
  Path arriving() throws IOException {
    return Files.createTempFile(arriving, "blob", ".part");
  }

  /** Takes a body of a length. */
  Path arrive(InputStream in, long length) throws IOException {
    Path part = arriving();
    long size;
    try (OutputStream out = Files.newOutputStream(part)) {
      size = in.transferTo(out);
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    if (size != length) {
      Files.deleteIfExists(part);
      throw new BlobRefusal(400, "IncompleteBody", "The body ended after " + size + " bytes.");
    }
    return part;
  }

  /** Makes a file visible under a key, in place of the one before. */
  void put(Path arrived, String key) throws IOException {
    Path target = at(key);
    try {
      Path parent = target.getParent();
      Files.createDirectories(parent == null ? root : parent);
      Files.move(
          arrived, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileAlreadyExistsException | NotDirectoryException e) {
      throw new BlobRefusal(409, "PathConflict", "A file exists where a directory is needed.");
    } finally {
      Files.deleteIfExists(arrived);
    }
  }

  List<BlobEntry> list(String directory) throws IOException {
    Path folder = at(directory);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<BlobEntry> entries = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        boolean inner = Files.isDirectory(path);
        Path name = path.getFileName();
        entries.add(
            new BlobEntry(
                name == null ? "" : name.toString(), inner, inner ? 0 : Files.size(path)));
      }
    }
    return entries;
  }

  OptionalLong size(String key) throws IOException {
    Path file = at(key);
    return Files.isRegularFile(file) ? OptionalLong.of(Files.size(file)) : OptionalLong.empty();
  }
}
