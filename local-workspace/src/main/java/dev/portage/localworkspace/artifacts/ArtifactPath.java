package dev.portage.localworkspace.artifacts;

import dev.portage.localworkspace.protocol.ApiRefusal;
import org.jspecify.annotations.Nullable;

/** Paths in a folder of artifacts. */
final class ArtifactPath {
  private ArtifactPath() {}

  /**
   * A path of a file.
   *
   * @throws ApiRefusal when it is none, or leads out of its folder
   */
  static String file(String path) {
    if (path.isEmpty()) {
      throw ApiRefusal.invalidParameter("Invalid path: it must name a file, but is empty");
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
        throw ApiRefusal.invalidParameter(
            "Invalid path: '"
                + path
                + "' must be relative to the artifact root, without '.', '..' or empty parts");
      }
    }
    return path;
  }

  /** A path of a directory, where none means the root itself. */
  static String directory(@Nullable String path) {
    return path == null || path.isEmpty() ? "" : file(path);
  }
}
