package dev.portage.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What every program of Portage prints for a command line that it can't read: what is wrong with
 * it, and where the help is. Not the help itself, above which the error would scroll away.
 */
public final class UsageError {

  /** How picocli says that it knows no place for a word. */
  private static final Pattern UNMATCHED =
      Pattern.compile("^Unmatched arguments? (?:at|from) index \\d+: ");

  private UsageError() {}

  /**
   * The lines, with nothing in them that controls a terminal.
   *
   * @param message what is wrong, which may quote what was typed
   * @param suggestions what may have been meant, on lines; may be empty
   * @param command the command as it is typed, such as "portage start"
   */
  public static List<String> lines(String message, String suggestions, String command) {
    List<String> lines = new ArrayList<>();
    lines.add(Visible.line(said(message, command)));
    suggestions.lines().filter(line -> !line.isBlank()).map(Visible::line).forEach(lines::add);
    lines.add("see: " + command + " --help");
    return List.copyOf(lines);
  }

  /** The message in words of people who never heard of picocli. */
  public static String said(String message, String command) {
    boolean ofNone = command.indexOf(' ') < 0;
    return UNMATCHED
        .matcher(message)
        .replaceFirst(ofNone ? "there is no command " : "unexpected argument ");
  }
}
