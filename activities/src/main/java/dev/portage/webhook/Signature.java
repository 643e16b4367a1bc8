package dev.portage.webhook;

import dev.portage.secrets.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what a receiver gets, so that it can tell that Portage sent it, unchanged and just now: the
 * scheme of Standard Webhooks, for which many languages have libraries. Each attempt has its own
 * time, so a receiver refuses what is older than minutes, and the id stays the same.
 *
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks">Standard Webhooks</a>
 */
final class Signature {

  /** Name of the header with the id of the event. */
  static final String ID = "webhook-id";

  /** Name of the header with the time of the attempt, in seconds since 1970. */
  static final String TIMESTAMP = "webhook-timestamp";

  /** Name of the header with a signature for each key. */
  static final String SIGNATURE = "webhook-signature";

  /** Bytes of the shortest key; it is as long as what the hash gives away. */
  static final int SHORTEST_KEY = 24;

  private static final String ALGORITHM = "HmacSHA256";
  private static final String PREFIX = "whsec_";

  private Signature() {}

  /**
   * The value of the header.
   *
   * @param keys one, or while it is replaced the new and the old one: a receiver accepts any
   */
  static String of(String id, Instant at, byte[] body, List<Secret> keys) {
    return keys.stream()
        .map(key -> "v1," + signed(id, at, body, bytes(key)))
        .collect(Collectors.joining(" "));
  }

  /** Whether a key is long enough to keep others from guessing it. */
  static boolean isStrong(Secret key) {
    try {
      return bytes(key).length >= SHORTEST_KEY;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private static String signed(String id, Instant at, byte[] body, byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update((id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /**
   * Base64 behind the prefix that Standard Webhooks gives to keys, otherwise the text's own bytes.
   */
  private static byte[] bytes(Secret key) {
    String text = key.reveal();
    return text.startsWith(PREFIX)
        ? Base64.getDecoder().decode(text.substring(PREFIX.length()))
        : text.getBytes(StandardCharsets.UTF_8);
  }
}
