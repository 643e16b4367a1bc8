package dev.portage.databricks;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tag values that every cloud accepts. A job's tags are passed on to the machines it runs on, where
 * AWS refuses {@code #}, and Google accepts lower-case letters, digits, {@code _} and {@code -}, at
 * most 63 characters, with a letter or digit at both ends.
 *
 * @see <a href="https://github.com/databricks/cli/tree/main/libs/tags">What Databricks checks, by
 *     cloud</a>
 * @see <a href="https://cloud.google.com/compute/docs/labeling-resources#requirements">Labels of
 *     Google Cloud</a>
 */
final class CloudTag {
  /** The longest value that every cloud takes. */
  static final int LONGEST = 63;

  private static final int HASH = 24;

  private static final Pattern TAKEN_AS_IS =
      Pattern.compile("[a-z0-9]([a-z0-9_-]{0," + (LONGEST - 2) + "}[a-z0-9])?");

  private static final Pattern LOOKS_TOLD_APART = Pattern.compile(".*-[0-9a-f]{" + HASH + "}");
  private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";

  private CloudTag() {}

  /**
   * A text as a tag can hold it. A text that every cloud accepts stays unchanged; from any other
   * the readable part is kept, with a hash to make it unique.
   */
  static String value(String text) {
    if (TAKEN_AS_IS.matcher(text).matches() && !LOOKS_TOLD_APART.matcher(text).matches()) {
      return text;
    }
    String hash = IdempotencyToken.sha256(text).substring(0, HASH);
    String words = words(text);
    return words.isEmpty() ? hash : words + "-" + hash;
  }

  /** What can be read of a text in these few characters. */
  private static String words(String text) {
    String plain =
        Normalizer.normalize(text, Normalizer.Form.NFD)
            .toLowerCase(Locale.ROOT)
            .replaceAll("\\p{M}+", "")
            .replaceAll("[^a-z0-9_-]+", "-")
            .replaceAll("^[_-]+", "");
    return plain
        .substring(0, Math.min(plain.length(), LONGEST - HASH - 1))
        .replaceAll("[_-]+$", "");
  }

  /** A text in values that give it back, as many as are needed: base32 in small letters. */
  static List<String> packed(String text) {
    String all = base32(text.getBytes(StandardCharsets.UTF_8));
    List<String> values = new ArrayList<>();
    for (int from = 0; from < all.length(); from += LONGEST) {
      values.add(all.substring(from, Math.min(from + LONGEST, all.length())));
    }
    return values;
  }

  /** What {@link #packed} was given; null where these are no values of it. */
  static @Nullable String unpacked(List<String> values) {
    byte[] bytes = bytes(String.join("", values));
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  /** Bytes in base32: five bits a character, small letters, no padding. */
  static String base32(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    int held = 0;
    int bits = 0;
    for (byte next : bytes) {
      held = (held << 8) | (next & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(DIGITS.charAt((held >> bits) & 31));
      }
      held &= (1 << bits) - 1;
    }
    if (bits > 0) {
      text.append(DIGITS.charAt((held << (5 - bits)) & 31));
    }
    return text.toString();
  }

  /** What {@link #base32} was given; null where this is none. */
  static byte @Nullable [] bytes(String base32) {
    byte[] bytes = new byte[base32.length() * 5 / 8];
    int held = 0;
    int bits = 0;
    int next = 0;
    for (int i = 0; i < base32.length(); i++) {
      int digit = DIGITS.indexOf(base32.charAt(i));
      if (digit < 0) {
        return null;
      }
      held = (held << 5) | digit;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes[next++] = (byte) (held >> bits);
        held &= (1 << bits) - 1;
      }
    }
    return bytes;
  }
}
