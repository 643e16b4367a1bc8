package dev.portage.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;

/**
 * The header values that a credential has given out lately, so that they can be hidden in texts.
 */
public final class GivenOut {

  /** A request may still be under way with the value before the newest. */
  private static final int MOST = 4;

  private final Deque<String> newestFirst = new ArrayDeque<>();

  /** Remembers a value, and returns it. */
  public synchronized String note(String authorization) {
    if (!authorization.equals(newestFirst.peekFirst())) {
      newestFirst.remove(authorization);
      newestFirst.addFirst(authorization);
      if (newestFirst.size() > MOST) {
        newestFirst.removeLast();
      }
    }
    return authorization;
  }

  /** The text without them, and without the passwords in them. */
  public synchronized String hideIn(String text) {
    String hidden = text;
    for (String authorization : newestFirst) {
      hidden = hide(authorization, hidden);
    }
    return hidden;
  }

  /** The text without what a header value holds: a token, or a password in any form. */
  static String hide(String authorization, String text) {
    String secret = authorization.substring(authorization.indexOf(' ') + 1);
    String hidden = secret.isBlank() ? text : text.replace(secret, "…");
    String password = passwordOf(authorization, secret);
    return password.isBlank() ? hidden : hidden.replace(password, "…");
  }

  /** The password of a user, which the header holds in another form; empty for other logins. */
  private static String passwordOf(String header, String encoded) {
    if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
      return "";
    }
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      return pair.substring(pair.indexOf(':') + 1);
    } catch (IllegalArgumentException _) {
      return "";
    }
  }
}
