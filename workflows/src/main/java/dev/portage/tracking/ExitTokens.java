package dev.portage.tracking;

/** The tokens that JSON and Python's {@code repr} have in common. */
final class ExitTokens {

  /** What a token is. */
  enum Kind {
    /** A bracket that opens. */
    OPEN,
    /** A bracket that closes. */
    CLOSE,
    COMMA,
    /** A colon or an equal sign. */
    SEPARATOR,
    /** A text in quotes. */
    TEXT,
    /** A text whose closing quote is missing. */
    CUT,
    /** Characters without quotes: a name, a number. */
    WORD,
    END
  }

  private final String source;
  private int at;
  private String text = "";
  private char bracket;

  ExitTokens(String source) {
    this.source = source;
  }

  /** Goes on to the next token. */
  Kind next() {
    while (at < source.length()) {
      char c = source.charAt(at);
      switch (c) {
        case '{', '[', '(' -> {
          at++;
          bracket = c;
          return Kind.OPEN;
        }
        case '}', ']', ')' -> {
          at++;
          return Kind.CLOSE;
        }
        case ',' -> {
          at++;
          return Kind.COMMA;
        }
        case ':', '=' -> {
          at++;
          return Kind.SEPARATOR;
        }
        case '"', '\'' -> {
          return quoted(c);
        }
        default -> {
          if (isWord(c)) {
            return word();
          }
          at++;
        }
      }
    }
    return Kind.END;
  }

  /** Text of the last {@link Kind#TEXT}, {@link Kind#CUT} or {@link Kind#WORD}. */
  String text() {
    return text;
  }

  /** The last {@link Kind#OPEN}. */
  char bracket() {
    return bracket;
  }

  /** Whether a round bracket follows at once: then a word is the name of a call. */
  boolean isBeforeBracket() {
    return at < source.length() && source.charAt(at) == '(';
  }

  private Kind word() {
    int from = at;
    while (at < source.length() && isWord(source.charAt(at))) {
      at++;
    }
    boolean isPrefix = at - from <= 2 && at < source.length() && isQuote(source.charAt(at));
    if (isPrefix && isPrefix(source, from, at)) {
      return quoted(source.charAt(at)); // As b'…' of Python.
    }
    text = source.substring(from, at);
    return Kind.WORD;
  }

  private Kind quoted(char quote) {
    StringBuilder value = new StringBuilder();
    at++;
    while (at < source.length()) {
      char c = source.charAt(at++);
      if (c == quote) {
        text = value.toString();
        return Kind.TEXT;
      }
      if (c == '\\' && at < source.length()) {
        escape(value, source.charAt(at++));
      } else {
        value.append(c);
      }
    }
    text = value.toString();
    return Kind.CUT;
  }

  private void escape(StringBuilder value, char c) {
    switch (c) {
      case 'n' -> value.append('\n');
      case 'r' -> value.append('\r');
      case 't' -> value.append('\t');
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case 'u' -> hex(value, c, 4);
      case 'x' -> hex(value, c, 2);
      default -> value.append(c);
    }
  }

  private void hex(StringBuilder value, char c, int digits) {
    int code = 0;
    for (int i = 0; i < digits; i++) {
      int digit = at + i < source.length() ? Character.digit(source.charAt(at + i), 16) : -1;
      if (digit < 0) {
        value.append(c);
        return;
      }
      code = code * 16 + digit;
    }
    at += digits;
    value.append((char) code);
  }

  private static boolean isPrefix(String source, int from, int to) {
    for (int i = from; i < to; i++) {
      if ("bBrRuUfF".indexOf(source.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || "_.-+/@#$%&*~|!?;^\\".indexOf(c) >= 0;
  }
}
