package dev.portage.localworkspace.files;

import java.nio.file.Path;
import java.util.List;

/**
 * A Files API path in an existing volume or model version.
 *
 * @param place the volume or version, such as {@code /Volumes/main/default/data}
 * @param root the folder of it
 * @param below the parts below it
 */
public record FilePath(String place, Path root, List<String> below) {
  /** Keeps its own copy. */
  public FilePath {
    below = List.copyOf(below);
  }

  /** Where it is kept. */
  Path file() {
    Path path = root;
    for (String part : below) {
      path = path.resolve(part);
    }
    return path;
  }

  /** The path as callers write it. */
  String text() {
    return below.isEmpty() ? place : place + "/" + String.join("/", below);
  }
}
