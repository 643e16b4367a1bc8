package dev.portage.localworkspace.files;

import java.nio.file.Path;
import java.util.List;

/**
 * A path of the Files API that leads to a volume or a model version that is there.
 *
 * @param place the volume or version, as {@code /Volumes/main/default/data}
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
