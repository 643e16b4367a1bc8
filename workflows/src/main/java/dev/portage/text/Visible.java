package dev.portage.text;

import java.util.Set;

/**
 * Makes a text from outside show what it holds. A control character can move a terminal's cursor, a
 * right-to-left mark can turn a line round, a line break can forge a line of its own: each is
 * written out as an escape, as {@code \n} or {@code \u202e}. What else a page needs, as Markdown's
 * own characters, is escaped by who writes that page.
 *
 * @see <a href="https://www.unicode.org/reports/tr36/">Unicode Security Considerations</a>
 */
public final class Visible {

  private static final Set<Integer> FILLERS = Set.of(0x115f, 0x1160, 0x3164, 0xffa0);

  private Visible() {}

  /** On one line: line breaks and tabs are written out too. */
  public static String line(String text) {
    return written(text, false);
  }

  /** On as many lines as it has: line breaks and tabs stay, a CRLF becomes one line break. */
  public static String lines(String text) {
    return written(text.replace("\r\n", "\n"), true);
  }

  /**
   * Whether a character shows itself. No: controls (C0, C1), format characters (bidirectional and
   * zero-width ones among them), separators of lines and paragraphs, halves of surrogate pairs,
   * fillers of Hangul, which are letters without a look, and what Unicode assigns to nothing.
   */
  public static boolean isShown(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> !FILLERS.contains(codePoint);
    };
  }

  private static String written(String text, boolean keepLines) {
    if (text.codePoints().allMatch(c -> isShown(c) || (keepLines && isLayout(c)))) {
      return text;
    }
    StringBuilder written = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(c -> {
          if (isShown(c) || (keepLines && isLayout(c))) {
            written.appendCodePoint(c);
          } else {
            written.append(escape(c));
          }
        });
    return written.toString();
  }

  private static boolean isLayout(int codePoint) {
    return codePoint == '\n' || codePoint == '\t';
  }

  private static String escape(int codePoint) {
    return switch (codePoint) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format(codePoint > 0xffff ? "\\U%08x" : "\\u%04x", codePoint);
    };
  }
}
