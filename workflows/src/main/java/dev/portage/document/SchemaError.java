package dev.portage.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import dev.portage.text.Bounded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One error of the schema validator, in this project's words. What is allowed is taken from the
 * schema: its enum, its keys, its examples. Values that may contain a secret, marked {@code
 * writeOnly}, and addresses with a login are not shown.
 */
final class SchemaError {

  /** An address with a login in it. */
  private static final Pattern LOGIN = Pattern.compile("://[^/]*@");

  private static final String WHOLE_NUMBER = "a whole number";

  private final YamlDocument document;
  private final JsonNode schema;
  private final Error error;

  /** JSON pointer of the value that is wrong. */
  private final String pointer;

  /** The part of the schema that holds the violated keyword. */
  private final JsonNode rule;

  SchemaError(YamlDocument document, JsonNode schema, Error error) {
    this.document = document;
    this.schema = schema;
    this.error = error;
    this.pointer = pointer(error.getInstanceLocation());
    this.rule = rule(schema, error);
  }

  DocumentSchema.Fault toFault() {
    String key = error.getProperty();
    ValidationError said = toValidationError();
    return switch (error.getKeyword()) {
      case "additionalProperties" -> {
        String meant = Nearest.find(key, keys()).map(near -> pointer + "/" + near).orElse(null);
        yield new DocumentSchema.Fault(inner(key), inner(key), pointer, meant, said);
      }
      case "propertyNames" -> new DocumentSchema.Fault(inner(key), inner(key), null, null, said);
      case "required" -> new DocumentSchema.Fault(inner(key), pointer, null, null, said);
      default -> new DocumentSchema.Fault(pointer, pointer, null, null, said);
    };
  }

  private String inner(String key) {
    return pointer + "/" + YamlDocument.escape(key);
  }

  private ValidationError toValidationError() {
    return switch (error.getKeyword()) {
      case "additionalProperties" -> unknownKey();
      case "required" -> missingKey();
      case "type" ->
          isWithoutUnit()
              ? document.error(
                  pointer, subject() + " is " + shown() + ", which has no unit", allowed(), null)
              : document.error(
                  pointer,
                  subject()
                      + " is "
                      + (isFraction() ? shown() : kindAndValue())
                      + ", must be "
                      + kinds(),
                  examples(),
                  null);
      case "enum" ->
          document.error(
              pointer,
              subject() + " is " + shown() + ", which is unknown",
              list(rule.path("enum")),
              Nearest.question(value().asText(), texts(rule.path("enum"))));
      case "not" -> document.error(pointer, rule.path("description").asText(), null, null);
      case "propertyNames" -> wrongKey();
      case "pattern", "format", "minLength", "maxLength" ->
          document.error(
              pointer,
              subject() + " is " + shown() + ", which is not a valid " + title(),
              allowed(),
              null);
      case "minProperties", "minItems" ->
          document.error(pointer, subject() + " has too few entries", "at least " + limit(), null);
      case "maxProperties", "maxItems" ->
          document.error(pointer, subject() + " has too many entries", "at most " + limit(), null);
      case "uniqueItems" ->
          document.error(pointer, subject() + " lists something twice", "no duplicates", null);
      case "minimum" ->
          document.error(pointer, subject() + " is " + shown(), "at least " + limit(), null);
      case "maximum" ->
          document.error(pointer, subject() + " is " + shown(), "at most " + limit(), null);
      default -> document.error(pointer, subject() + ": " + error.getMessage(), allowed(), null);
    };
  }

  private ValidationError unknownKey() {
    String key = error.getProperty();
    List<String> keys = keys();
    return document.error(
        pointer + "/" + YamlDocument.escape(key),
        "unknown key " + Quoted.text(key) + (pointer.isEmpty() ? "" : " in " + name(pointer)),
        keys.isEmpty() ? null : String.join(", ", keys),
        Nearest.question(key, keys));
  }

  private ValidationError wrongKey() {
    String key = String.valueOf(error.getProperty());
    JsonNode names = rule.path("propertyNames");
    String inner = pointer + "/" + YamlDocument.escape(key);
    return document.error(
        inner,
        name(inner) + " is not a valid " + names.path("title").asText("key"),
        names.path("x-allowed").asText(),
        null);
  }

  private ValidationError missingKey() {
    String key = error.getProperty();
    JsonNode wanted = rule.path("properties").path(key);
    if (wanted.has("$ref")) {
      wanted = schema.at(wanted.path("$ref").asText().substring(1));
    }
    String example =
        wanted.path("examples").isEmpty()
            ? ""
            : ", such as \"" + key + ": " + wanted.path("examples").path(0).asText() + "\"";
    return document.error(
        pointer,
        "key \"" + key + "\" is missing" + (pointer.isEmpty() ? "" : " in " + name(pointer)),
        null,
        "add it" + example);
  }

  /** What the value is called: {@code batch.table}. */
  private String subject() {
    if (pointer.isEmpty()) {
      return "the file";
    }
    int last = pointer.lastIndexOf('/');
    JsonNode list = document.root().at(pointer.substring(0, last));
    // Nobody counts the entries of a list from 0.
    return list.isArray()
        ? "entry "
            + (Integer.parseInt(pointer.substring(last + 1)) + 1)
            + (last == 0 ? "" : " of " + name(pointer.substring(0, last)))
        : name(pointer);
  }

  private static String name(String pointer) {
    return Bounded.text(
        pointer.substring(1).replace('/', '.').replace("~1", "/").replace("~0", "~"), Quoted.MOST);
  }

  private JsonNode value() {
    @Nullable JsonNode value = error.getInstanceNode();
    return value == null ? MissingNode.getInstance() : value;
  }

  private String shown() {
    if (rule.path("writeOnly").asBoolean(false) || LOGIN.matcher(value().asText()).find()) {
      return "set to something";
    }
    return value().isTextual()
        ? Quoted.text(value().asText())
        : Bounded.text(value().toString(), Quoted.MOST);
  }

  /** A plain number, where what it counts would be a guess. */
  private boolean isWithoutUnit() {
    return value().isNumber() && title().endsWith(" with its unit");
  }

  /** A number where a whole one is wanted: only its value says what is wrong with it. */
  private boolean isFraction() {
    return value().isNumber() && kinds().contains(WHOLE_NUMBER);
  }

  private String title() {
    return rule.path("title").asText("value");
  }

  private @Nullable String allowed() {
    String said = rule.path("x-allowed").asText("");
    return said.isEmpty() ? examples() : said;
  }

  private @Nullable String examples() {
    JsonNode examples = rule.path("examples");
    return examples.isEmpty() ? null : "for example " + list(examples);
  }

  private String limit() {
    return rule.path(error.getKeyword()).asText();
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : rule.path("properties").properties()) {
      if (!property.getValue().has("not")) {
        keys.add(property.getKey());
      }
    }
    return keys;
  }

  private String kinds() {
    JsonNode type = rule.path("type");
    if (type.isTextual()) {
      return kind(type.asText());
    }
    return texts(type).stream().map(SchemaError::kind).collect(Collectors.joining(" or "));
  }

  /** Text where a number is wanted is shown; elsewhere it may be a secret in a wrong place. */
  private String kindAndValue() {
    String shown = shown();
    return value().isTextual() && kinds().contains("number") && shown.startsWith("\"")
        ? "the text " + shown
        : kindOf(value());
  }

  private static String kindOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "text";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false (quote it to make it text)";
      case OBJECT -> "a map";
      case ARRAY -> "a list";
      case NULL, MISSING -> "empty";
      case BINARY, POJO -> "of an unknown kind";
    };
  }

  private static String kind(String type) {
    return switch (type) {
      case "string" -> "text";
      case "number" -> "a number";
      case "integer" -> WHOLE_NUMBER;
      case "boolean" -> "true or false";
      case "object" -> "a map";
      case "array" -> "a list";
      default -> type;
    };
  }

  private static String list(JsonNode values) {
    return StreamSupport.stream(values.spliterator(), false)
        .map(SchemaError::written)
        .collect(Collectors.joining(", "));
  }

  /** As it can be pasted into the file: only text may need quotes. */
  private static String written(JsonNode value) {
    String text = value.isValueNode() ? value.asText() : value.toString();
    return value.isTextual() && !text.matches("[A-Za-z0-9_-]+") ? "\"" + text + "\"" : text;
  }

  private static List<String> texts(JsonNode values) {
    return StreamSupport.stream(values.spliterator(), false)
        .map(value -> value.isValueNode() ? value.asText() : value.toString())
        .toList();
  }

  private static String pointer(NodePath path) {
    StringBuilder pointer = new StringBuilder();
    for (int i = 0; i < path.getNameCount(); i++) {
      pointer.append('/').append(YamlDocument.escape(String.valueOf(path.getElement(i))));
    }
    return pointer.toString();
  }

  /** The validator names the keyword's place in the schema; its rule is one level above. */
  private static JsonNode rule(JsonNode schema, Error error) {
    JsonNode rule = schema;
    NodePath place = error.getSchemaLocation().getFragment();
    for (int i = 0; i < place.getNameCount() - 1; i++) {
      Object element = place.getElement(i);
      rule = element instanceof Integer index ? rule.path(index) : rule.path(element.toString());
    }
    return rule;
  }
}
