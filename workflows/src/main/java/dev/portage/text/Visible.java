package dev.portage.text;

/**
 * Makes every character of a text from outside visible. A control character can move a terminal's
 * cursor, a right-to-left mark can reverse a line, a line break can forge a line: each is written
 * as an escape, such as {@code \n} or {@code \u202e}. Characters special to the page, such as
 * Markdown's, are escaped by whoever writes that page.
 *
 * @see <a href="https://www.unicode.org/reports/tr36/">Unicode Security Considerations</a>
 */
public final class Visible {

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
   * what Unicode assigns to nothing, and letters and symbols that are blank.
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
      default -> !isFiller(codePoint);
    };
  }

  /**
   * Whether a character adds nothing to what is read, so that two texts that differ in it alone
   * look the same: zero width, directions, fillers, selectors of a variant.
   */
  public static boolean isIgnorable(int codePoint) {
    return Character.getType(codePoint) == Character.FORMAT
        || isFiller(codePoint)
        || (codePoint >= 0xFE00 && codePoint <= 0xFE0F)
        || (codePoint >= 0x180B && codePoint <= 0x180F)
        || (codePoint >= 0x2060 && codePoint <= 0x206F)
        || (codePoint >= 0xFFF0 && codePoint <= 0xFFFB)
        || (codePoint >= 0xE0000 && codePoint <= 0xE0FFF);
  }

  /** Whether a character is white space or ends a line. */
  static boolean isSpace(int codePoint) {
    return Character.isSpaceChar(codePoint)
        || (codePoint >= '\t' && codePoint <= '\r')
        || codePoint == 0x85;
  }

  /** Whether a character ends a line. */
  static boolean endsLine(int codePoint) {
    return (codePoint >= '\n' && codePoint <= '\r')
        || codePoint == 0x85
        || codePoint == 0x2028
        || codePoint == 0x2029;
  }

  /** A character as it is seen. */
  static String shown(int codePoint) {
    return isShown(codePoint) ? Character.toString(codePoint) : escape(codePoint);
  }

  private static boolean isFiller(int codePoint) {
    return switch (codePoint) {
      case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0 -> true;
      default -> false;
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
