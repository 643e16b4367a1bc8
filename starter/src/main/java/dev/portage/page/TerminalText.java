package dev.portage.page;

import dev.portage.azuredevops.LoggingCommands;
import dev.portage.text.Visible;
import java.util.ArrayList;
import java.util.List;

/**
 * The one place that escapes text for a terminal or a pipeline's log: the text can control neither,
 * and no part of it can look like a line of the page itself.
 */
public final class TerminalText {

  /** The prefix of each further line of a multi-line text. */
  private static final String FURTHER = "  │ ";

  private TerminalText() {}

  /** One line, as it is laid out: a line break in it is shown, and breaks nothing. */
  public static String line(String text) {
    return LoggingCommands.harmless(Visible.line(text.replace("\t", "  ")));
  }

  /**
   * A text of several lines, as an error with its trace: each but the first is marked, so that
   * nobody takes it for a line of the page.
   */
  public static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    text.strip().lines().forEach(line -> lines.add((lines.isEmpty() ? "" : FURTHER) + line(line)));
    return lines;
  }

  /** A name or a value among others: one line, with surrounding and repeated spaces removed. */
  public static String cell(String text) {
    return line(text.strip().replaceAll("\\h+", " "));
  }

  /**
   * A JSON document that means the same and does neither: invisible characters are escaped in its
   * strings, and so is anything that an agent would read as a command.
   */
  public static String json(String document) {
    StringBuilder safe = new StringBuilder(document.length());
    LoggingCommands.harmless(document, "#\\\\u0023")
        .codePoints()
        .forEach(point -> {
          if (Visible.isShown(point) || point == '\n') {
            safe.appendCodePoint(point);
          } else {
            for (char half : Character.toChars(point)) {
              safe.append("\\u%04x".formatted((int) half));
            }
          }
        });
    return safe.toString();
  }
}
