package dev.portage.command;

import dev.portage.page.TerminalText;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * What someone reads who ends a command by Ctrl-C: whether what it started goes on without it. On
 * standard error, so that it stands in no JSON document.
 */
final class LastWord {

  private final PrintStream err;
  private final boolean terminal;
  private volatile @Nullable String line;
  private @Nullable Thread hook;

  /**
   * @param terminal whether what was typed, such as ^C, stands before it on the same line
   */
  LastWord(PrintStream err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /** What is true from now on; null for nothing. */
  void is(@Nullable String now) {
    line = now;
    if (now != null && hook == null) {
      Thread added = new Thread(this::say, "last-word");
      try {
        Runtime.getRuntime().addShutdownHook(added);
        hook = added;
      } catch (IllegalStateException ending) {
        // The process ends already.
      }
    }
  }

  /** Says it. */
  void say() {
    String last = line;
    if (last != null) {
      err.println((terminal ? System.lineSeparator() : "") + TerminalText.line(last));
      err.flush();
    }
  }

  /** The command has ended by itself. */
  void unsaid() {
    Thread added = hook;
    if (added != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(added);
        line = null;
      } catch (IllegalStateException ending) {
        // Ctrl-C came first, and it is being said.
      }
      hook = null;
    }
  }
}
