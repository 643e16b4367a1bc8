package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares answers of models. Numbers may differ by a tolerance; fields beside those wanted too.
 */
final class AnswerMatch {
  private static final int MOST_SHOWN = 60;

  private AnswerMatch() {}

  /**
   * Where an answer is not as wanted.
   *
   * @param tolerance how much numbers may differ
   * @return the first difference; empty for none
   */
  static Optional<String> difference(JsonNode actual, JsonNode wanted, double tolerance) {
    return difference(actual, wanted, tolerance, "");
  }

  private static Optional<String> difference(
      JsonNode actual, JsonNode wanted, double tolerance, String place) {
    if (wanted.isObject()) {
      for (Map.Entry<String, JsonNode> field : wanted.properties()) {
        String inner = place.isEmpty() ? field.getKey() : place + "." + field.getKey();
        Optional<String> found =
            difference(actual.path(field.getKey()), field.getValue(), tolerance, inner);
        if (found.isPresent()) {
          return found;
        }
      }
      return actual.isObject() ? Optional.empty() : differs(place, actual, "a map");
    }
    if (wanted.isArray()) {
      if (!actual.isArray() || actual.size() != wanted.size()) {
        return differs(place, actual, "a list of " + wanted.size());
      }
      for (int i = 0; i < wanted.size(); i++) {
        Optional<String> found =
            difference(actual.path(i), wanted.path(i), tolerance, place + "[" + i + "]");
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
    return isLike(actual, wanted, tolerance)
        ? Optional.empty()
        : differs(place, actual, shown(wanted));
  }

  private static boolean isLike(JsonNode actual, JsonNode wanted, double tolerance) {
    if (wanted.isNumber() && actual.isNumber()) {
      double one = actual.doubleValue();
      double other = wanted.doubleValue();
      return one == other
          || (Double.isNaN(one) && Double.isNaN(other))
          || Math.abs(one - other) <= tolerance;
    }
    if (wanted.isNull()) {
      return actual.isNull() || actual.isMissingNode();
    }
    return actual.equals(wanted);
  }

  private static Optional<String> differs(String place, JsonNode actual, String wanted) {
    return Optional.of(
        (place.isEmpty() ? "the answer" : place)
            + " is "
            + shown(actual)
            + ", wanted is "
            + wanted);
  }

  private static String shown(@Nullable JsonNode value) {
    if (value == null || value.isMissingNode()) {
      return "missing";
    }
    String text = value.toString();
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
  }

  /**
   * What is wrong with a body that came with a good status: some servers report an error in it.
   *
   * @return empty where nothing is
   */
  static Optional<String> error(JsonNode body) {
    if (!body.isContainerNode()) {
      return Optional.of("its answer is not JSON");
    }
    for (String field :
        new String[] {"error_code", "error", "errors", "traceback", "stack_trace"}) {
      JsonNode said = body.path(field);
      if (!said.isMissingNode() && !said.isNull() && !(said.isContainerNode() && said.isEmpty())) {
        String message = body.path("message").asText("");
        return Optional.of(
            "its answer says "
                + field
                + " "
                + shown(said)
                + (message.isEmpty() ? "" : ": " + shown(body.path("message"))));
      }
    }
    return body.has("predictions") && body.path("predictions").isNull()
        ? Optional.of("its answer has no predictions")
        : Optional.empty();
  }
}
