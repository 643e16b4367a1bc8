package dev.portage.localworkspace.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A piece of a SQL text in Spark's form.
 *
 * @param text of a string or a quoted name: its value, without quotes and escapes; else as written
 */
record SqlToken(Kind kind, String text) {
  enum Kind {
    WORD,
    QUOTED_NAME,
    STRING,
    NUMBER,
    PARAMETER,
    SYMBOL,
    SPACE
  }

  boolean isWord(String... words) {
    for (String word : words) {
      if (kind == Kind.WORD && text.equalsIgnoreCase(word)) {
        return true;
      }
    }
    return false;
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  boolean isName() {
    return kind == Kind.WORD || kind == Kind.QUOTED_NAME;
  }

  /** Cuts a text into pieces; comments count as space. */
  static List<SqlToken> read(String sql) throws SqlFailure {
    List<SqlToken> tokens = new ArrayList<>();
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      int start = at;
      if (Character.isWhitespace(c)) {
        at++;
        tokens.add(new SqlToken(Kind.SPACE, " "));
      } else if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end;
        tokens.add(new SqlToken(Kind.SPACE, " "));
      } else if (sql.startsWith("/*", at)) {
        int end = sql.indexOf("*/", at + 2);
        if (end < 0) {
          throw syntax("a comment is not closed");
        }
        at = end + 2;
        tokens.add(new SqlToken(Kind.SPACE, " "));
      } else if (c == '\'' || c == '"' || c == '`') {
        StringBuilder value = new StringBuilder();
        at = quoted(sql, at, value);
        tokens.add(new SqlToken(c == '`' ? Kind.QUOTED_NAME : Kind.STRING, value.toString()));
      } else if (Character.isLetter(c) || c == '_') {
        at = span(sql, at);
        tokens.add(new SqlToken(Kind.WORD, sql.substring(start, at)));
      } else if (Character.isDigit(c)) {
        at = number(sql, at);
        tokens.add(new SqlToken(Kind.NUMBER, sql.substring(start, at)));
      } else if (c == ':' && at + 1 < sql.length() && isNameStart(sql.charAt(at + 1))) {
        at = span(sql, at + 1);
        tokens.add(new SqlToken(Kind.PARAMETER, sql.substring(start + 1, at)));
      } else if (sql.startsWith("::", at)) {
        at += 2;
        tokens.add(new SqlToken(Kind.SYMBOL, "::"));
      } else {
        at++;
        tokens.add(new SqlToken(Kind.SYMBOL, String.valueOf(c)));
      }
    }
    return tokens;
  }

  private static boolean isNameStart(char c) {
    return Character.isLetter(c) || c == '_';
  }

  private static int span(String sql, int from) {
    int at = from;
    while (at < sql.length()
        && (Character.isLetterOrDigit(sql.charAt(at)) || sql.charAt(at) == '_')) {
      at++;
    }
    return at;
  }

  private static int number(String sql, int from) {
    int at = from;
    while (at < sql.length()
        && (Character.isLetterOrDigit(sql.charAt(at))
            || sql.charAt(at) == '.'
            || ((sql.charAt(at) == '-' || sql.charAt(at) == '+')
                && Character.toLowerCase(sql.charAt(at - 1)) == 'e'))) {
      at++;
    }
    return at;
  }

  /**
   * Reads a quoted piece with Spark's escapes: doubled back-ticks in names, backslashes in strings.
   */
  private static int quoted(String sql, int from, StringBuilder value) throws SqlFailure {
    char quote = sql.charAt(from);
    int at = from + 1;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == quote && at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
        value.append(quote);
        at += 2;
      } else if (c == quote) {
        return at + 1;
      } else if (c == '\\' && quote != '`' && at + 1 < sql.length()) {
        char escaped = sql.charAt(at + 1);
        value.append(
            switch (escaped) {
              case 'n' -> '\n';
              case 't' -> '\t';
              case 'r' -> '\r';
              case '0' -> '\0';
              default -> escaped;
            });
        at += 2;
      } else {
        value.append(c);
        at++;
      }
    }
    throw syntax("a quote is not closed");
  }

  static SqlFailure syntax(String what) {
    return new SqlFailure("PARSE_SYNTAX_ERROR", "Syntax error: " + what + ".", "42601");
  }

  /** The piece in the form of the query engine, which has standard quotes. */
  String standard() {
    return switch (kind) {
      case STRING -> "'" + text.replace("'", "''") + "'";
      case QUOTED_NAME -> "\"" + text.replace("\"", "\"\"") + "\"";
      case WORD, NUMBER, SYMBOL, SPACE -> text;
      case PARAMETER -> ":" + text;
    };
  }

  /** The word in upper case. */
  String upper() {
    return text.toUpperCase(Locale.ROOT);
  }
}
