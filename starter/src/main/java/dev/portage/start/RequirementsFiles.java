package dev.portage.start;

import dev.portage.checkout.Checkout;
import dev.portage.text.SecretShapes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The requirements files of a commit, for compute that installs from them: a workspace installs
 * from no file of a Git repository, and workers have no checkout.
 */
final class RequirementsFiles {

  /** They are kept in history with each order that runs code of the commit. */
  private static final int MOST_BYTES = 16 * 1024;

  private static final Pattern COMMENT = Pattern.compile("(^|[ \\t])#.*");

  private RequirementsFiles() {}

  /**
   * Their texts by path, without comments; null where there are none. One that holds a secret, or
   * for which there is no room, is left out: it is missing where compute names it.
   */
  static @Nullable Map<String, String> of(Checkout checkout, String commit) {
    Map<String, String> texts = new TreeMap<>();
    int bytes = 0;
    for (String path : checkout.requirementsAt(commit)) {
      String text =
          checkout
              .fileAt(commit, path)
              .map(content -> plain(new String(content, StandardCharsets.UTF_8)))
              .orElse("");
      int size = text.getBytes(StandardCharsets.UTF_8).length;
      if (bytes + size <= MOST_BYTES && SecretShapes.find(text).isEmpty()) {
        bytes += size;
        texts.put(path, text);
      }
    }
    return texts.isEmpty() ? null : texts;
  }

  /** Each line keeps its number. */
  private static String plain(String text) {
    return text.lines()
        .map(line -> COMMENT.matcher(line).replaceAll("").stripTrailing())
        .collect(Collectors.joining("\n"));
  }
}
