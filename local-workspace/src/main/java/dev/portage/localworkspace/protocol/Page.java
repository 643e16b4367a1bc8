package dev.portage.localworkspace.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Part of a list, and where it continues. */
public record Page<T>(List<T> entries, @Nullable String next) {

  /**
   * The page for a token.
   *
   * @throws ApiRefusal when the token is none of this list
   */
  public static <T> Page<T> of(List<T> all, @Nullable String token, int size) {
    int from = token == null || token.isEmpty() ? 0 : read(token);
    if (from > all.size()) {
      throw ApiRefusal.invalidParameter("Invalid page_token");
    }
    int end = Math.min(all.size(), from + size);
    return new Page<>(all.subList(from, end), end < all.size() ? write(end) : null);
  }

  /** Adds the token to an answer, where there is more. */
  public void addNext(ObjectNode answer) {
    if (next != null) {
      answer.put("next_page_token", next);
    }
  }

  private static String write(int from) {
    byte[] text = ("from:" + from).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
  }

  private static int read(String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.matches("from:\\d{1,9}")) {
        return Integer.parseInt(text.substring(5));
      }
    } catch (IllegalArgumentException e) {
      // Refused below.
    }
    throw ApiRefusal.invalidParameter("Invalid page_token");
  }
}
