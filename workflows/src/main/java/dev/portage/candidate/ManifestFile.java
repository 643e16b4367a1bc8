package dev.portage.candidate;

import java.util.List;

/**
 * One file of a candidate.
 *
 * @param path relative to the model's folder, with {@code /}, never absolute and never with {@code
 *     ..}
 * @param size in bytes
 * @param sha256 of the whole file, as 64 hex digits
 * @param parts SHA-256 of each part in order; one entry even for an empty file
 */
public record ManifestFile(String path, long size, String sha256, List<String> parts) {

  public ManifestFile {
    parts = List.copyOf(parts);
  }
}
