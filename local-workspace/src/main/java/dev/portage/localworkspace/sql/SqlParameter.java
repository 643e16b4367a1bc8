package dev.portage.localworkspace.sql;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns a named parameter into a typed literal, so that its value can never become SQL. */
final class SqlParameter {
  private static final Pattern DECIMAL =
      Pattern.compile("(DECIMAL|DEC|NUMERIC)(\\(\\d{1,2}(,\\s*\\d{1,2})?\\))?");
  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,38}");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})?)?");
  private static final Set<String> WHOLE_TYPES =
      Set.of("BIGINT", "LONG", "INT", "INTEGER", "SMALLINT", "SHORT", "TINYINT", "BYTE");

  private SqlParameter() {}

  /**
   * The literal of a parameter {@code {name, value, type}}.
   *
   * @throws ApiRefusal when the value is not of the type, or the type is not known
   */
  static String literal(JsonNode parameter) {
    String name = parameter.get("name").asText();
    String value = Json.text(parameter, "value");
    String given = Json.text(parameter, "type");
    String type = given == null ? "STRING" : given.strip().toUpperCase(Locale.ROOT);
    if (type.equals("STRING")) {
      return value == null ? "CAST(NULL AS VARCHAR)" : "'" + value.replace("'", "''") + "'";
    }
    if (WHOLE_TYPES.contains(type)) {
      return cast(name, value, type, WHOLE, engineType(type));
    }
    if (type.equals("DOUBLE") || type.equals("FLOAT") || type.equals("REAL")) {
      return cast(name, value, type, NUMBER, "DOUBLE");
    }
    if (DECIMAL.matcher(type).matches()) {
      return cast(name, value, type, NUMBER, type.contains("(") ? type : "DECIMAL(10,0)");
    }
    return switch (type) {
      case "BOOLEAN" -> cast(name, value, type, Pattern.compile("(?i)true|false"), "BOOLEAN");
      case "DATE" -> cast(name, value, type, DATE, "DATE");
      case "TIMESTAMP" -> cast(name, value, type, TIMESTAMP, "TIMESTAMP");
      default ->
          throw ApiRefusal.invalidParameter(
              "Parameter '" + name + "' has the unknown type '" + given + "'");
    };
  }

  private static String engineType(String type) {
    return switch (type) {
      case "BIGINT", "LONG" -> "BIGINT";
      case "SMALLINT", "SHORT" -> "SMALLINT";
      case "TINYINT", "BYTE" -> "TINYINT";
      default -> "INT";
    };
  }

  private static String cast(
      String name, @Nullable String value, String type, Pattern form, String engineType) {
    if (value == null) {
      return "CAST(NULL AS " + engineType + ")";
    }
    if (!form.matcher(value).matches()) {
      throw ApiRefusal.invalidParameter(
          "Parameter '" + name + "' is not a " + type + ": '" + value + "'");
    }
    return "CAST('" + value + "' AS " + engineType + ")";
  }
}
