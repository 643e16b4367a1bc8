package dev.portage.delta;

import dev.portage.scoring.TableColumn;
import dev.portage.scoring.TableShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what {@code SHOW CREATE TABLE} answers: the one statement that tells columns, nulls,
 * generated columns and constraints of any table, also of one outside Unity Catalog.
 *
 * @see <a
 *     href="https://docs.databricks.com/en/sql/language-manual/sql-ref-syntax-aux-show-create-table.html">
 *     SHOW CREATE TABLE</a>
 */
final class TableDdl {
  /** What may follow a column's type. */
  private static final Pattern AFTER_TYPE =
      Pattern.compile(
          "(?<!\\s)\\s++(?:NOT\\s++NULL|GENERATED\\s++(?:ALWAYS|BY\\s++DEFAULT)|DEFAULT|COMMENT|COLLATE"
              + "|MASK|CONSTRAINT|PRIMARY\\s++KEY|REFERENCES)\\b",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern NOT_NULL =
      Pattern.compile("\\bNOT\\s+NULL\\b", Pattern.CASE_INSENSITIVE);

  private static final Pattern GENERATED =
      Pattern.compile(
          "\\bGENERATED\\s+(?:ALWAYS|BY\\s+DEFAULT)\\s+AS\\b", Pattern.CASE_INSENSITIVE);

  /** What stands among the columns and is none. */
  private static final Pattern NO_COLUMN =
      Pattern.compile(
          "(?:CONSTRAINT|PRIMARY\\s+KEY|FOREIGN\\s+KEY)\\b.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern CONSTRAINT =
      Pattern.compile(
          "'delta\\.constraints\\.((?:[^'\\\\]|\\\\.)+)'\\s*=\\s*'((?:[^'\\\\]|\\\\.|'')*)'",
          Pattern.CASE_INSENSITIVE);

  private TableDdl() {}

  /** The table's shape; empty if the text is not such a statement, as for a view. */
  static Optional<TableShape> read(String ddl) {
    int open = ddl.indexOf('(');
    if (open < 0
        || !ddl.stripLeading().regionMatches(true, 0, "CREATE TABLE", 0, "CREATE TABLE".length())) {
      return Optional.empty();
    }
    int close = closing(ddl, open);
    if (close < 0) {
      return Optional.empty();
    }
    List<TableColumn> columns = new ArrayList<>();
    for (String part : parts(ddl.substring(open + 1, close))) {
      if (!NO_COLUMN.matcher(part).matches()) {
        Optional<TableColumn> column = column(part);
        if (column.isEmpty()) {
          return Optional.empty();
        }
        columns.add(column.get());
      }
    }
    return columns.isEmpty()
        ? Optional.empty()
        : Optional.of(TableShape.of(columns, constraints(ddl.substring(close))));
  }

  private static Optional<TableColumn> column(String part) {
    int end = part.startsWith("`") ? quoteEnd(part, 0) : firstBlank(part);
    if (end <= 0 || end >= part.length()) {
      return Optional.empty();
    }
    String name =
        part.startsWith("`")
            ? part.substring(1, end - 1).replace("``", "`")
            : part.substring(0, end);
    String rest = part.substring(end);
    String outside = withoutTexts(rest);
    Matcher after = AFTER_TYPE.matcher(outside);
    int typeEnd = after.find() ? after.start() : rest.length();
    String type = rest.substring(0, typeEnd).strip();
    String options = outside.substring(typeEnd);
    return type.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TableColumn(
                name,
                type,
                NOT_NULL.matcher(options).find(),
                computed(rest.substring(typeEnd), options).orElse(null)));
  }

  /** As it stands there, up to its parenthesis' end. */
  private static Optional<String> computed(String options, String outside) {
    Matcher generated = GENERATED.matcher(outside);
    if (!generated.find()) {
      return Optional.empty();
    }
    String from = options.substring(generated.start());
    String words = from.substring(0, generated.end() - generated.start());
    String then = from.substring(words.length()).stripLeading();
    if (then.toUpperCase(Locale.ROOT).startsWith("IDENTITY")) {
      return Optional.of(words + " IDENTITY");
    }
    int close = then.startsWith("(") ? closing(then, 0) : -1;
    return Optional.of(words + " " + (close < 0 ? then : then.substring(0, close + 1)));
  }

  private static Map<String, String> constraints(String properties) {
    Map<String, String> found = new LinkedHashMap<>();
    Matcher each = CONSTRAINT.matcher(properties);
    while (each.find()) {
      found.put(plain(String.valueOf(each.group(1))), plain(String.valueOf(each.group(2))));
    }
    return found;
  }

  private static String plain(String quoted) {
    return quoted.replace("''", "'").replaceAll("\\\\(.)", "$1");
  }

  /** Cut at the commas that stand in no parenthesis, type or text. */
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '`' || c == '\'' || c == '"') {
        i = quoteEnd(text, i) - 1;
      } else if (c == '(' || c == '<') {
        depth++;
      } else if (c == ')' || c == '>') {
        depth--;
      } else if (c == ',' && depth == 0) {
        parts.add(text.substring(from, i).strip());
        from = i + 1;
      }
    }
    parts.add(text.substring(from).strip());
    return parts.stream().filter(part -> !part.isEmpty()).toList();
  }

  /** Where the parenthesis ends that opens there; -1 if it does not. */
  private static int closing(String text, int open) {
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '`' || c == '\'' || c == '"') {
        i = quoteEnd(text, i) - 1;
      } else if (c == '(') {
        depth++;
      } else if (c == ')' && --depth == 0) {
        return i;
      }
    }
    return -1;
  }

  /** The same length, with blanks in place of texts and quoted names. */
  private static String withoutTexts(String text) {
    StringBuilder plain = new StringBuilder(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '`' || c == '\'' || c == '"') {
        int end = quoteEnd(text, i);
        for (int at = i; at < end; at++) {
          plain.setCharAt(at, '_');
        }
        i = end - 1;
      }
    }
    return plain.toString();
  }

  /** Behind the quote that ends what begins there; a doubled one, or one behind \, is inside. */
  private static int quoteEnd(String text, int start) {
    char quote = text.charAt(start);
    for (int i = start + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && quote != '`') {
        i++;
      } else if (text.charAt(i) == quote) {
        if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
          i++;
        } else {
          return i + 1;
        }
      }
    }
    return text.length();
  }

  private static int firstBlank(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isWhitespace(text.charAt(i))) {
        return i;
      }
    }
    return -1;
  }
}
