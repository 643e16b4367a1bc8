package dev.portage.underway;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The commits before a commit, in little room: the first {@value #DIGITS} digits of each, without
 * separators, the nearest first. It may end early, as where the checkout is shallow.
 */
public final class Ancestors {

  /** Commits that are kept. More than a team makes while one promotion is under way. */
  public static final int MOST = 200;

  private static final int DIGITS = 10;
  private static final int SHOWN = 12;

  /** Characters of the longest. */
  static final int LONGEST = MOST * DIGITS;

  private Ancestors() {}

  /**
   * Of these commits.
   *
   * @param commits full ids, the nearest first
   * @return null for none
   */
  public static @Nullable String of(List<String> commits) {
    String packed =
        commits.stream()
            .filter(commit -> commit.length() >= DIGITS)
            .limit(MOST)
            .map(commit -> commit.substring(0, DIGITS))
            .collect(Collectors.joining());
    return packed.isEmpty() ? null : packed;
  }

  /** Whether a commit is among them. */
  static boolean contain(@Nullable String ancestors, String commit) {
    if (ancestors == null || commit.length() < DIGITS) {
      return false;
    }
    String sought = commit.substring(0, DIGITS);
    for (int at = 0; at + DIGITS <= ancestors.length(); at += DIGITS) {
      if (ancestors.startsWith(sought, at)) {
        return true;
      }
    }
    return false;
  }

  static String shorten(String commit) {
    return commit.substring(0, Math.min(SHOWN, commit.length()));
  }
}
