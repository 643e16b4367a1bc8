package dev.portage.localworkspace.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The form that a JSON value must have. A field that the public API doesn't know is refused by
 * name, because a misspelt field that is silently accepted is noticed only when the job misbehaves.
 */
public sealed interface Shape {

  /**
   * Checks a value.
   *
   * @param path the value's place, such as {@code tasks[0].task_key}; empty for the whole body
   * @throws ApiRefusal what is wrong, where, and what is allowed
   */
  void check(JsonNode value, String path);

  /** Any text. */
  static Text text() {
    return new Text(Integer.MAX_VALUE, null, null);
  }

  /** A text of at most so many characters. */
  static Text text(int maxLength) {
    return new Text(maxLength, null, null);
  }

  /** A text that matches a pattern; {@code rule} says the pattern in words. */
  static Text text(int maxLength, String pattern, String rule) {
    return new Text(maxLength, new Rule(Pattern.compile(pattern), rule), null);
  }

  /** One of these words. */
  static Text oneOf(String... words) {
    return new Text(Integer.MAX_VALUE, null, List.of(words));
  }

  /** A whole number from {@code min} to {@code max}. */
  static Whole whole(long min, long max) {
    return new Whole(min, max);
  }

  /** An id, as Databricks gives them out. */
  static Whole id() {
    return new Whole(1, Long.MAX_VALUE);
  }

  /** True or false. */
  static Flag flag() {
    return new Flag();
  }

  /** A list of at most so many. */
  static Listing listOf(Shape item, int max) {
    return new Listing(item, max);
  }

  /** A map from text to one shape. */
  static Mapping mapOf(Shape value, int max) {
    return new Mapping(value, max);
  }

  /** A value that is kept and given back as it came. */
  static Anything anything() {
    return new Anything();
  }

  /** An object with exactly the fields then named. */
  static Fields fields() {
    return new Fields(Map.of());
  }

  /** A pattern with its rule in words. */
  record Rule(Pattern pattern, String words) {}

  /** Text. */
  record Text(int maxLength, @Nullable Rule rule, @Nullable List<String> words) implements Shape {
    @Override
    public void check(JsonNode value, String path) {
      if (!value.isTextual()) {
        throw wrongType(path, "a string", value);
      }
      String text = value.asText();
      if (text.length() > maxLength) {
        throw ApiRefusal.invalidParameter(
            "'"
                + path
                + "' has "
                + text.length()
                + " characters; allowed are at most "
                + maxLength);
      }
      if (rule != null && !rule.pattern().matcher(text).matches()) {
        throw ApiRefusal.invalidParameter(
            "'" + path + "' must be " + rule.words() + ", not '" + text + "'");
      }
      if (words != null && !words.contains(text)) {
        throw ApiRefusal.invalidParameter(
            "'" + path + "' must be one of " + String.join(", ", words) + ", not '" + text + "'");
      }
    }
  }

  /** A whole number. */
  record Whole(long min, long max) implements Shape {
    @Override
    public void check(JsonNode value, String path) {
      if (!value.isIntegralNumber() || !value.canConvertToLong()) {
        throw wrongType(path, "a whole number", value);
      }
      if (value.asLong() < min || value.asLong() > max) {
        throw ApiRefusal.invalidParameter(
            "'" + path + "' must be between " + min + " and " + max + ", not " + value.asLong());
      }
    }
  }

  /** True or false. */
  record Flag() implements Shape {
    @Override
    public void check(JsonNode value, String path) {
      if (!value.isBoolean()) {
        throw wrongType(path, "true or false", value);
      }
    }
  }

  /** A list. */
  record Listing(Shape item, int max) implements Shape {
    @Override
    public void check(JsonNode value, String path) {
      if (!value.isArray()) {
        throw wrongType(path, "a list", value);
      }
      if (value.size() > max) {
        throw ApiRefusal.invalidParameter(
            "'" + path + "' has " + value.size() + " entries; allowed are " + max);
      }
      for (int i = 0; i < value.size(); i++) {
        item.check(value.get(i), path + "[" + i + "]");
      }
    }
  }

  /** A map from text to one shape. */
  record Mapping(Shape value, int max) implements Shape {
    @Override
    public void check(JsonNode node, String path) {
      if (!node.isObject()) {
        throw wrongType(path, "a map", node);
      }
      if (node.size() > max) {
        throw ApiRefusal.invalidParameter(
            "'" + path + "' has " + node.size() + " entries; allowed are " + max);
      }
      node.properties()
          .forEach(entry -> value.check(entry.getValue(), path + "." + entry.getKey()));
    }
  }

  /** Anything. */
  record Anything() implements Shape {
    @Override
    public void check(JsonNode value, String path) {}
  }

  /**
   * One field of an object: its shape, and whether it must be there; a null shape is a field not
   * offered here.
   */
  record Field(@Nullable Shape shape, boolean required) {}

  /** An object with exactly these fields. */
  record Fields(Map<String, Field> byName) implements Shape {

    /** The same object with one more field, which may be left out. */
    public Fields with(String name, Shape shape) {
      return plus(name, new Field(shape, false));
    }

    /** The same object with one more field, which must be there. */
    public Fields needs(String name, Shape shape) {
      return plus(name, new Field(shape, true));
    }

    /**
     * The same object with fields that are kept and given back, but have no effect on one machine.
     */
    public Fields keeps(String... names) {
      Fields fields = this;
      for (String name : names) {
        fields = fields.with(name, anything());
      }
      return fields;
    }

    /** The same object with fields that Databricks has and this workspace refuses, saying so. */
    public Fields lacks(String... names) {
      Fields fields = this;
      for (String name : names) {
        fields = fields.plus(name, new Field(null, false));
      }
      return fields;
    }

    private Fields plus(String name, Field field) {
      Map<String, Field> more = new LinkedHashMap<>(byName);
      more.put(name, field);
      return new Fields(more);
    }

    @Override
    public void check(JsonNode value, String path) {
      if (!value.isObject()) {
        throw wrongType(path, "an object", value);
      }
      String prefix = path.isEmpty() ? "" : path + ".";
      value
          .properties()
          .forEach(entry -> {
            Field field = byName.get(entry.getKey());
            if (field == null) {
              throw ApiRefusal.invalidParameter(
                  "Unknown field '" + prefix + entry.getKey() + "'; allowed are " + names());
            }
            if (entry.getValue().isNull()) {
              return;
            }
            if (field.shape() == null) {
              throw ApiRefusal.invalidParameter(
                  "'"
                      + prefix
                      + entry.getKey()
                      + "' exists on Databricks but is not supported by a local workspace");
            }
            field.shape().check(entry.getValue(), prefix + entry.getKey());
          });
      byName.forEach((name, field) -> {
        if (field.required() && !value.hasNonNull(name)) {
          throw ApiRefusal.invalidParameter("Missing required field '" + prefix + name + "'");
        }
      });
    }

    private String names() {
      TreeSet<String> offered = new TreeSet<>();
      byName.forEach((name, field) -> {
        if (field.shape() != null) {
          offered.add(name);
        }
      });
      return String.join(", ", offered);
    }
  }

  private static ApiRefusal wrongType(String path, String wanted, JsonNode value) {
    String where = path.isEmpty() ? "the request body" : "'" + path + "'";
    return ApiRefusal.malformed(
        "Could not parse request object: "
            + where
            + " must be "
            + wanted
            + ", not "
            + value.getNodeType());
  }
}
