package dev.portage.start;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Hash of a promotion.yaml and its parts: another one for the same commit is another promotion. */
final class FileHash {

  private FileHash() {}

  /**
   * SHA-256 in hex; without parts, the file's own.
   *
   * @param parts in their order, as they are sent; null for one that the file does not have
   */
  static String of(byte[] file, @Nullable String... parts) {
    String hash = sha256(file);
    for (String part : parts) {
      if (part != null) {
        hash = sha256((hash + "\n" + part).getBytes(StandardCharsets.UTF_8));
      }
    }
    return hash;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
