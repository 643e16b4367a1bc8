package dev.portage.start;

import dev.portage.checkout.Checkout;
import dev.portage.text.SecretShapes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The requirements files of a commit, for compute that installs from them: a workspace can't
 * install from a file in a git repository, and workers have no checkout.
 */
final class RequirementsFiles {

  /** They are kept in history with each order that runs code of the commit. */
  private static final int MOST_BYTES = 16 * 1024;

  private static final Pattern COMMENT = Pattern.compile("(^|[ \\t])#.*");

  private RequirementsFiles() {}

  /**
   * Their texts by path, without comments; null where there are none. One that holds a secret, that
   * can't be read or for which there is no room, is left out: it is missing where compute names it.
   *
   * @param notes takes why one is left out, where its author hardly meant that
   */
  static @Nullable Map<String, String> of(Checkout checkout, String commit, List<String> notes) {
    Map<String, String> texts = new TreeMap<>();
    int bytes = 0;
    for (String path : checkout.files().requirementsAt(commit)) {
      byte[] content = checkout.fileAt(commit, path).orElse(null);
      String text = content == null ? null : decoded(content);
      String plain = text == null ? "" : plain(text);
      Optional<SecretShapes.Found> secret = SecretShapes.find(plain);
      if (text == null) {
        notes.add(path + " can't be read as text, so no compute can install from it");
      } else if (secret.isPresent()) {
        notes.add(path + " holds " + secret.get().name() + ", so no compute can install from it");
      } else {
        int size = plain.getBytes(StandardCharsets.UTF_8).length;
        if (bytes + size <= MOST_BYTES) {
          bytes += size;
          texts.put(path, plain);
        }
      }
    }
    return texts.isEmpty() ? null : texts;
  }

  /**
   * Decoded as pip does: a byte order mark selects the encoding. Null if it is not text in that
   * encoding.
   */
  private static @Nullable String decoded(byte[] content) {
    Charset charset = StandardCharsets.UTF_8;
    int skip = 0;
    if (startsWith(content, 0xEF, 0xBB, 0xBF)) {
      skip = 3;
    } else if (startsWith(content, 0xFF, 0xFE)) {
      charset = StandardCharsets.UTF_16LE;
      skip = 2;
    } else if (startsWith(content, 0xFE, 0xFF)) {
      charset = StandardCharsets.UTF_16BE;
      skip = 2;
    }
    try {
      String text =
          charset
              .newDecoder()
              .decode(ByteBuffer.wrap(content, skip, content.length - skip))
              .toString();
      return text.indexOf('\0') < 0 ? text : null;
    } catch (CharacterCodingException _) {
      return null;
    }
  }

  private static boolean startsWith(byte[] content, int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (content.length <= i || (content[i] & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  /** Each line keeps its number. */
  private static String plain(String text) {
    return text.lines()
        .map(line -> COMMENT.matcher(line).replaceAll("").stripTrailing())
        .collect(Collectors.joining("\n"));
  }
}
