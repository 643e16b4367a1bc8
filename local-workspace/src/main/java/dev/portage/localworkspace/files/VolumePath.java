package dev.portage.localworkspace.files;

import dev.portage.localworkspace.protocol.ApiRefusal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A path below {@code /Volumes/<catalog>/<schema>/<volume>}, checked so that it can't leave its
 * volume.
 */
record VolumePath(String volume, List<String> below) {

  /**
   * Reads the raw, still escaped path of a request.
   *
   * @param raw what follows {@code /api/2.0/fs/files} or {@code …/directories}
   * @throws ApiRefusal when it is no such path or the volume does not exist
   */
  static VolumePath parse(String raw, Set<String> volumes) {
    List<String> parts = new ArrayList<>();
    for (String part : raw.split("/", -1)) {
      // A plus sign is a plus sign in a path; only in a query it is a space.
      parts.add(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
    }
    if (!parts.isEmpty() && parts.getFirst().isEmpty()) {
      parts.removeFirst();
    }
    if (!parts.isEmpty() && parts.getLast().isEmpty()) {
      parts.removeLast();
    }
    if (parts.size() < 4 || !parts.getFirst().equals("Volumes")) {
      throw ApiRefusal.invalidParameter(
          "The path must be /Volumes/<catalog>/<schema>/<volume>/…, not '/"
              + String.join("/", parts)
              + "'");
    }
    for (String part : parts) {
      if (part.isEmpty()
          || part.equals(".")
          || part.equals("..")
          || part.indexOf('/') >= 0
          || part.indexOf('\0') >= 0) {
        throw ApiRefusal.invalidParameter(
            "The path has a part that is not allowed: '" + part + "'");
      }
    }
    String volume = String.join(".", parts.subList(1, 4));
    if (!volumes.contains(volume)) {
      throw ApiRefusal.notFound("NOT_FOUND", "Volume '" + volume + "' does not exist.");
    }
    return new VolumePath(volume, List.copyOf(parts.subList(4, parts.size())));
  }

  /** Where it is kept, below the folder of all volumes. */
  Path in(Path root) {
    Path path = root.resolve(volume);
    for (String part : below) {
      path = path.resolve(part);
    }
    return path;
  }

  /** The path as callers write it. */
  String text() {
    String start = "/Volumes/" + volume.replace('.', '/');
    return below.isEmpty() ? start : start + "/" + String.join("/", below);
  }
}
