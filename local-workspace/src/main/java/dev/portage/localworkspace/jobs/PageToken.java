package dev.portage.localworkspace.jobs;

import dev.portage.localworkspace.protocol.ApiRefusal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a list continues: after the entry with this id, so entries created meanwhile shift nothing.
 */
final class PageToken {
  private PageToken() {}

  static String after(long id) {
    byte[] text = ("after:" + id).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
  }

  /** The id to continue after; the greatest of all without a token. */
  static long read(@Nullable String token) {
    if (token == null || token.isEmpty()) {
      return Long.MAX_VALUE;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.startsWith("after:")) {
        return Long.parseLong(text.substring(6));
      }
    } catch (IllegalArgumentException e) {
      // Refused below.
    }
    throw ApiRefusal.invalidParameter("Invalid page_token");
  }
}
