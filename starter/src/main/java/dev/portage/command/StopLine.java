package dev.portage.command;

import dev.portage.failure.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The line below why something stopped: how it goes on, and whether that is waited for. */
final class StopLine {

  private static final String HERE = "Ctrl-C ends the watch only";

  private StopLine() {}

  /**
   * For someone who stays until it goes on.
   *
   * @param says what it says of itself, such as "stopped at train: no rows"
   * @param next the command that carries it on, null for none
   * @param problem why it stopped, which is read above; null when unknown
   */
  static String watching(String says, @Nullable String next, @Nullable Problem problem) {
    String stopped = says.startsWith("stopped at ") ? says.split(":", 2)[0] : "stopped";
    return "  "
        + stopped
        + (isToBeSaid(next, problem)
            ? "; to go on: " + next + "; watching until then, " + HERE
            : "; watching until it goes on or ends, " + HERE);
  }

  /** For someone who leaves it as it is; nothing where the problem says it, or nobody knows. */
  static List<String> leaving(@Nullable String next, @Nullable Problem problem) {
    return isToBeSaid(next, problem) ? List.of("  to continue: " + next) : List.of();
  }

  private static boolean isToBeSaid(@Nullable String next, @Nullable Problem problem) {
    return next != null && (problem == null || !problem.remedy().contains(next));
  }
}
