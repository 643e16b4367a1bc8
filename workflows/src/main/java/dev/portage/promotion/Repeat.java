package dev.portage.promotion;

import java.util.regex.Pattern;

/**
 * What someone types to promote the same candidate once more: complete, so that it means the same
 * when the checkout has moved on. Only the reason is theirs.
 */
final class Repeat {

  private static final int COMMIT_DIGITS = 12;
  private static final Pattern PLAIN = Pattern.compile("[\\w./\\\\-]+");

  private Repeat() {}

  /** Of the same commit, version or run. */
  static String of(PromotionStart start) {
    return command(start, start.allowOlder());
  }

  /** The same though a newer candidate came before it. */
  static String olderAllowed(PromotionStart start) {
    return command(start, true);
  }

  private static String command(PromotionStart start, boolean allowOlder) {
    String file = start.fileName();
    String commit = start.commit();
    StringBuilder command =
        new StringBuilder("portage start ")
            .append(PLAIN.matcher(file).matches() ? file : '"' + file + '"');
    if (start.version() != null) {
      command.append(" --version ").append(start.version());
    } else if (start.runId() != null) {
      command.append(" --run-id ").append(start.runId());
    } else if (commit != null) {
      command.append(" --commit ").append(commit, 0, Math.min(COMMIT_DIGITS, commit.length()));
    }
    return command
        .append(allowOlder ? " --allow-older" : "")
        .append(" --again --reason TEXT")
        .toString();
  }
}
