package dev.portage.step;

import dev.portage.text.Bounded;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is said of a cancel: of who asked for it, only what Temporal passes on is known. */
public final class CancelWords {

  /** So begins what Temporal's Web UI passes on, in either spelling. */
  private static final Pattern SAID = Pattern.compile("(?i)^cancell?ed\\b");

  /** So begins what {@code portage cancel} passes on. */
  private static final String BY = "by ";

  private CancelWords() {}

  /**
   * In a few words, such as "cancelled by ana@example.com: wrong data".
   *
   * @param reason as Temporal passes it on; {@code portage cancel} begins it with "by" and a name.
   *     Null or blank for none
   */
  public static String of(@Nullable String reason) {
    if (reason == null || reason.isBlank()) {
      return "cancelled";
    }
    String kept = Bounded.line(reason.strip(), Bounded.LINE);
    if (kept.startsWith(BY)) {
      return "cancelled " + kept;
    }
    Matcher said = SAID.matcher(kept);
    return said.find() ? "cancelled" + kept.substring(said.end()) : "cancelled: " + kept;
  }

  /**
   * Who asked for it; null where Temporal passes no name on.
   *
   * @param reason as in {@link #of}
   */
  public static @Nullable String who(@Nullable String reason) {
    if (reason == null || !reason.startsWith(BY)) {
      return null;
    }
    String name = reason.substring(BY.length());
    int end = name.indexOf(": ");
    return Bounded.line(end < 0 ? name : name.substring(0, end), Bounded.PERSON);
  }

  /**
   * Of one that takes no effect.
   *
   * @param reason as in {@link #of}
   * @param what the workflow, such as "the rollback"
   */
  public static String tooLate(@Nullable String reason, String what) {
    return of(reason) + ", but too late: " + what + " is past the point of no return";
  }
}
