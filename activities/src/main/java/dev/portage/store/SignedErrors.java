package dev.portage.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.portage.failure.FailureKind;
import dev.portage.http.ErrorTable;
import java.util.LinkedHashMap;
import java.util.Map;

/** What object stores mean by their errors when they are reached by signed addresses. */
final class SignedErrors {
  static final ErrorTable TABLE =
      ErrorTable.builder()
          .status(400, FailureKind.PLATFORM, "It is asked again with a new address.")
          .status(401, FailureKind.PLATFORM, "It is asked again with a new address.")
          .status(403, FailureKind.PLATFORM, "It is asked again with a new address.")
          .status(404, FailureKind.USER, "Find out who deleted it.")
          .build();

  private SignedErrors() {}

  /**
   * Headers that belong to a signed address: an object, as MLflow gives them, or a list of names
   * and values, as Databricks does.
   */
  static Map<String, String> headers(JsonNode headers) {
    Map<String, String> all = new LinkedHashMap<>();
    for (JsonNode header : headers.isArray() ? headers : JsonNodeFactory.instance.arrayNode()) {
      all.put(header.path("name").asText(), header.path("value").asText());
    }
    headers.properties().forEach(header -> all.put(header.getKey(), header.getValue().asText()));
    return all;
  }
}
