package dev.portage.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;

/** Common answers of {@link FakeMlflow}. */
final class FakeReply {
  private FakeReply() {}

  static MockResponse json(int status, JsonNode body) {
    return new MockResponse.Builder()
        .code(status)
        .addHeader("Content-Type", "application/json")
        .body(body.toString())
        .build();
  }

  static ObjectNode found(@Nullable ObjectNode node) {
    if (node == null) {
      throw absent("thing");
    }
    return node;
  }

  static Refusal absent(String what) {
    return new Refusal(404, MlflowErrors.ABSENT, what + " not found");
  }

  static void page(
      ObjectNode answer,
      String field,
      List<? extends JsonNode> all,
      int size,
      @Nullable String token) {
    int from = token == null || token.isEmpty() ? 0 : Integer.parseInt(token);
    int to = Math.min(all.size(), from + size);
    all.subList(from, to).forEach(answer.withArray(field)::add);
    if (to < all.size()) {
      answer.put("next_page_token", String.valueOf(to));
    }
  }

  static void set(ArrayNode entries, JsonNode entry) {
    remove(entries, entry);
    entries
        .addObject()
        .put("key", entry.path("key").asText())
        .put("value", entry.path("value").asText());
  }

  static void remove(ArrayNode entries, JsonNode entry) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).path("key").equals(entry.path("key"))) {
        entries.remove(i);
      }
    }
  }

  /** An error response. */
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    Refusal(int status, String code, String message) {
      super(message);
      this.status = status;
      this.code = code;
    }

    MockResponse response() {
      return json(
          status, MlflowServer.object().put("error_code", code).put("message", getMessage()));
    }
  }
}
