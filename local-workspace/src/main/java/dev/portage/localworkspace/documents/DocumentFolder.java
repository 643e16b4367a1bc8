package dev.portage.localworkspace.documents;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JSON documents, a file each. A change is on disk when the call returns, and a document is whole
 * at every moment, as it was before a change or as it is after it, however the process ends.
 */
public final class DocumentFolder {
  private static final Logger log = LoggerFactory.getLogger(DocumentFolder.class);
  private static final String ENDING = ".json";

  private final Path folder;

  /**
   * The documents of a folder.
   *
   * @throws IOException when it can't be made
   */
  public DocumentFolder(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /**
   * Writes a document, in place of the one of that name.
   *
   * @throws UncheckedIOException when it can't be written; the one before is still there then
   */
  public synchronized void put(long name, ObjectNode document) {
    Path file = file(name);
    try {
      WholeFile.write(file, Json.bytes(document));
    } catch (IOException e) {
      throw new UncheckedIOException("can't write " + file, e);
    }
  }

  /**
   * Removes a document; nothing happens where there is none.
   *
   * @throws UncheckedIOException when it can't be removed
   */
  public synchronized void remove(long name) {
    try {
      Files.deleteIfExists(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException("can't remove " + file(name), e);
    }
  }

  /**
   * All documents by name, in order. One that is no JSON object, as after a damage of the disk, is
   * left out with a line in the log.
   *
   * @throws IOException when the folder can't be read
   */
  public synchronized Map<Long, ObjectNode> all() throws IOException {
    Map<Long, ObjectNode> all = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        try {
          if (Json.read(Files.readAllBytes(file)) instanceof ObjectNode document) {
            all.put(Long.parseLong(name.substring(0, name.length() - ENDING.length())), document);
          }
        } catch (ApiRefusal | NumberFormatException e) {
          log.warn("Skipping {}, which can't be read: {}", file, e.getMessage());
        }
      }
    }
    return all;
  }

  private Path file(long name) {
    return folder.resolve(name + ENDING);
  }
}
