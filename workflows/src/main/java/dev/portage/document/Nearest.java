package dev.portage.document;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Suggests what someone may have meant. */
public final class Nearest {

  private Nearest() {}

  /** {@code did you mean "gates"?}, or null when nothing is near. */
  public static @Nullable String question(String written, Collection<String> known) {
    return find(written, known).map(near -> "did you mean \"" + near + "\"?").orElse(null);
  }

  /** The known word that differs least, if it differs by at most a third of its letters. */
  public static Optional<String> find(String written, Collection<String> known) {
    return known.stream()
        // A long word can't be a misspelling of ours, and is expensive to compare.
        .filter(word -> written.length() <= 2 * word.length() + 2)
        .filter(word -> distance(written, word) <= Math.max(1, word.length() / 3))
        .min(Comparator.comparingInt(word -> distance(written, word)));
  }

  /**
   * Letters to add, drop, replace or swap with their neighbour (optimal string alignment), upper
   * and lower case being equal.
   */
  private static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
