package dev.portage.localworkspace.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one JSON mapper of the workspace, and short ways to read a body whose {@link Shape} is
 * already checked.
 */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** An empty array. */
  public static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  /** The JSON text of a node. */
  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }

  /**
   * Reads one JSON document.
   *
   * @throws ApiRefusal MALFORMED_REQUEST if it is not JSON, contains a field twice, or continues
   *     after its end
   */
  public static JsonNode read(byte[] text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      return node == null ? MAPPER.missingNode() : node;
    } catch (JsonProcessingException e) {
      // The parser's own message may quote the body, so only the place is passed on.
      throw ApiRefusal.malformed(
          "Could not parse request object: not valid JSON near line "
              + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()));
    } catch (java.io.IOException e) {
      throw new IllegalStateException("Reading from memory does not fail", e);
    }
  }

  /** The text of a field, or null where it is absent or null. */
  public static @Nullable String text(JsonNode node, String field) {
    JsonNode value = node.get(field);
    return value == null || value.isNull() ? null : value.asText();
  }

  /** The number of a field, or {@code otherwise} where it is absent or null. */
  public static long number(JsonNode node, String field, long otherwise) {
    JsonNode value = node.get(field);
    return value == null || value.isNull() ? otherwise : value.asLong();
  }

  /** The truth of a field, or {@code otherwise} where it is absent or null. */
  public static boolean flag(JsonNode node, String field, boolean otherwise) {
    JsonNode value = node.get(field);
    return (value == null || value.isNull()) ? otherwise : value.asBoolean();
  }

  /** The object of a field, or null where it is absent or null. */
  public static @Nullable ObjectNode part(JsonNode node, String field) {
    return node.get(field) instanceof ObjectNode part ? part : null;
  }

  /** The list of a field, empty where it is absent or null. */
  public static ArrayNode list(JsonNode node, String field) {
    return node.get(field) instanceof ArrayNode list ? list : array();
  }

  /** The texts of a list, empty where it is absent or null. */
  public static List<String> strings(JsonNode node, String field) {
    List<String> texts = new ArrayList<>();
    list(node, field).forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** The string map of a field in its written order, empty where it is absent or null. */
  public static Map<String, String> texts(JsonNode node, String field) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (node.get(field) instanceof ObjectNode map) {
      for (Iterator<Map.Entry<String, JsonNode>> it = map.properties().iterator(); it.hasNext(); ) {
        Map.Entry<String, JsonNode> entry = it.next();
        texts.put(entry.getKey(), entry.getValue().asText());
      }
    }
    return texts;
  }

  /** A JSON object of a string map. */
  public static ObjectNode ofTexts(Map<String, String> texts) {
    ObjectNode node = object();
    texts.forEach(node::put);
    return node;
  }
}
