package dev.portage.databricks;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Turns one of our keys into an {@code idempotency_token} of the Jobs API. */
final class IdempotencyToken {
  private IdempotencyToken() {}

  /** 64 characters, the most that the API allows: the SHA-256 of the key. */
  static String of(String key) {
    return sha256(key);
  }

  /** SHA-256 of a text, in lower-case hex. */
  static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
