package dev.portage.delta;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Types as the engine, the catalog and a table's own statement write them: in other letters. */
final class SqlTypes {
  private static final Pattern LENGTH =
      Pattern.compile("(?:VARCHAR|CHAR|CHARACTER)\\((\\d{1,9})\\)");

  private static final Set<String> WHOLE_NUMBERS = Set.of("TINYINT", "SMALLINT", "INT", "BIGINT");

  private static final Pattern TEXT = Pattern.compile("(STRING|VARCHAR|CHAR|CHARACTER)\\b.*");

  private static final Pattern NESTED =
      Pattern.compile("(STRUCT|MAP|ARRAY|VARIANT|BINARY|OBJECT)\\b.*", Pattern.DOTALL);

  private SqlTypes() {}

  static boolean isSame(String one, String other) {
    String first = plain(one);
    String second = plain(other);
    return first.equals(second)
        || (isText(first) && isText(second)); // a length is another question
  }

  /** In capitals, without blanks, and by its usual name. */
  static String plain(String type) {
    String plain =
        type.strip()
            .toUpperCase(Locale.ROOT)
            .replaceAll("\\s*([<>(),:])\\s*", "$1")
            .replaceAll("\\s+", " ");
    return switch (plain) {
      case "BYTE" -> "TINYINT";
      case "SHORT" -> "SMALLINT";
      case "INTEGER" -> "INT";
      case "LONG" -> "BIGINT";
      case "REAL" -> "FLOAT";
      case "TIMESTAMP_LTZ" -> "TIMESTAMP";
      case "DEC", "NUMERIC", "DECIMAL" -> "DECIMAL(10,0)";
      default ->
          plain
              .replaceFirst("^(DEC|NUMERIC)\\(", "DECIMAL(")
              .replaceFirst("^(DECIMAL\\(\\d+)\\)$", "$1,0)");
    };
  }

  static boolean isText(String type) {
    return TEXT.matcher(plain(type)).matches();
  }

  /** Whether it holds numbers. */
  static boolean isNumber(String type) {
    String plain = plain(type);
    return WHOLE_NUMBERS.contains(plain)
        || plain.equals("FLOAT")
        || plain.equals("DOUBLE")
        || plain.startsWith("DECIMAL(");
  }

  /** Whether its values are single ones, which have a text. */
  static boolean isPlain(String type) {
    return !NESTED.matcher(plain(type)).matches();
  }

  /** Of a column that holds nothing but nulls: no table takes one. */
  static boolean isVoid(String type) {
    return plain(type).equals("VOID") || plain(type).equals("NULL");
  }

  /** Whether a number or time that is put into it may become another one without any error. */
  static boolean cuts(String type) {
    String plain = plain(type);
    return WHOLE_NUMBERS.contains(plain)
        || plain.equals("BOOLEAN")
        || plain.equals("DATE")
        || (plain.startsWith("DECIMAL(") && plain.endsWith(",0)"));
  }

  /** The most letters that it takes; empty for any number. */
  static Optional<String> length(String type) {
    Matcher length = LENGTH.matcher(plain(type));
    return length.matches() ? Optional.ofNullable(length.group(1)) : Optional.empty();
  }
}
