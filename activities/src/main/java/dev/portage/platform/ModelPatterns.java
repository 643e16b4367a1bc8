package dev.portage.platform;

import java.util.List;
import java.util.Locale;

/** Names of models as the platform file has them, {@code *} standing for any letters. */
final class ModelPatterns {

  private ModelPatterns() {}

  /** Whether any pattern matches. Ignores case, as Unity Catalog does. */
  static boolean match(List<String> patterns, String model) {
    String name = model.toLowerCase(Locale.ROOT);
    return patterns.stream().anyMatch(pattern -> matches(pattern.toLowerCase(Locale.ROOT), name));
  }

  private static boolean matches(String pattern, String model) {
    // Each literal at its first place: a pattern of many stars as a regular expression would try
    // every way to share the letters out.
    String[] literals = pattern.split("\\*", -1);
    String last = literals[literals.length - 1];
    if (literals.length == 1) {
      return model.equals(pattern);
    }
    int at = literals[0].length();
    if (!model.startsWith(literals[0])) {
      return false;
    }
    for (int i = 1; i < literals.length - 1; i++) {
      int found = model.indexOf(literals[i], at);
      if (found < 0) {
        return false;
      }
      at = found + literals[i].length();
    }
    return model.length() - at >= last.length() && model.endsWith(last);
  }
}
