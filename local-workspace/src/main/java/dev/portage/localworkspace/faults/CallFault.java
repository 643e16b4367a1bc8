package dev.portage.localworkspace.faults;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A fault waiting for calls.
 *
 * @param method the HTTP method, or {@code *} for any
 * @param path the path without query, where {@code *} stands for any characters
 * @param effect what goes wrong
 * @param times how many calls it strikes before it is spent; null for every call until it is taken
 *     away
 */
public record CallFault(String method, String path, Effect effect, @Nullable Integer times) {
  /** Checks that the fault can strike. */
  public CallFault {
    if (times != null && times < 1) {
      throw new IllegalArgumentException(
          "times must be at least 1, or null for every call, not " + times);
    }
  }

  /** A fault of the next call only. */
  public static CallFault once(String method, String path, Effect effect) {
    return new CallFault(method, path, effect, 1);
  }

  /** A fault of every call. */
  public static CallFault always(String method, String path, Effect effect) {
    return new CallFault(method, path, effect, null);
  }

  boolean strikes(String calledMethod, String calledPath) {
    return (method.equals("*") || method.equalsIgnoreCase(calledMethod))
        && matches(path, calledPath);
  }

  /** Whether a text matches a pattern in which {@code *} stands for any characters. */
  public static boolean matches(String pattern, String text) {
    StringBuilder regex = new StringBuilder();
    for (String literal : pattern.split("\\*", -1)) {
      regex
          .append(regex.isEmpty() ? "" : ".*")
          .append(literal.isEmpty() ? "(?:)" : Pattern.quote(literal));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
  }
}
