package dev.portage.promotion;

import dev.portage.identity.Authorship;
import dev.portage.identity.Involved;
import dev.portage.job.Source;
import java.util.regex.Pattern;

/**
 * What someone types to promote the same candidate once more: complete, so that it means the same
 * when the checkout has moved on. Only the reason is theirs.
 */
final class Repeat {

  private static final int COMMIT_DIGITS = 12;
  private static final Pattern PLAIN = Pattern.compile("[\\w./\\\\@+-]+");

  /** What a shell would read otherwise, even between double quotes. */
  private static final Pattern NOT_QUOTED = Pattern.compile("[\"$`!\\\\]");

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
    StringBuilder command = new StringBuilder("portage start ").append(quoted(start.fileName()));
    if (start.version() != null) {
      command.append(" --version ").append(start.version());
    } else if (start.runId() != null) {
      command.append(" --run-id ").append(start.runId());
    }
    // What scores is the commit's, wherever the model was trained.
    Source source = start.source();
    String commit = start.commit() == null && source != null ? source.commit() : start.commit();
    if (commit != null) {
      command.append(" --commit ").append(commit, 0, Math.min(COMMIT_DIGITS, commit.length()));
    }
    Authorship authorship = start.authorship();
    if (authorship != null) {
      authorship.people().stream()
          .filter(one -> one.hand() == Involved.Hand.NAMED)
          .forEach(one -> command.append(" --made-by ").append(person(one.name())));
    }
    return command
        .append(allowOlder ? " --allow-older" : "")
        .append(" --again --reason TEXT")
        .toString();
  }

  private static String quoted(String text) {
    return PLAIN.matcher(text).matches() ? text : '"' + text + '"';
  }

  private static String person(String name) {
    return NOT_QUOTED.matcher(name).find() ? "NAME" : quoted(name);
  }
}
