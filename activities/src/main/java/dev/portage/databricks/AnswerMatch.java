package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.settings.ServeCase;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Compares answers of models. Numbers may differ by a tolerance, and at least by a millionth of
 * themselves, as they do from one machine to another; fields beside those wanted may be there, too.
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
      return isNear(actual.doubleValue(), wanted.doubleValue(), tolerance);
    }
    if (wanted.isNull()) {
      return actual.isNull() || actual.isMissingNode();
    }
    OptionalDouble special = wanted.isTextual() ? special(wanted.asText()) : OptionalDouble.empty();
    if (special.isPresent() && !actual.isTextual()) {
      // Some servers write what JSON has no number for as null.
      return actual.isNumber()
          ? isNear(actual.doubleValue(), special.getAsDouble(), tolerance)
          : actual.isNull() && Double.isNaN(special.getAsDouble());
    }
    return actual.equals(wanted)
        || (special.isPresent() && special.equals(special(actual.asText())));
  }

  private static boolean isNear(double actual, double wanted, double tolerance) {
    if (actual == wanted || (Double.isNaN(actual) && Double.isNaN(wanted))) {
      return true;
    }
    if (Double.isInfinite(actual) || Double.isInfinite(wanted)) {
      return false;
    }
    double allowed =
        tolerance == 0 ? 0 : Math.max(tolerance, ServeCase.TOLERANCE * Math.abs(wanted));
    // So that 0.32 is within 0.01 of 0.31, though their difference is a little more in binary.
    return Math.abs(actual - wanted) <= allowed + Math.ulp(Math.max(1, Math.abs(wanted)));
  }

  /** A number that JSON has none for, as YAML, Python and JavaScript write it. */
  private static OptionalDouble special(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "nan", ".nan" -> OptionalDouble.of(Double.NaN);
      case "infinity", "+infinity", ".inf", "+.inf", "inf" ->
          OptionalDouble.of(Double.POSITIVE_INFINITY);
      case "-infinity", "-.inf", "-inf" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
      default -> OptionalDouble.empty();
    };
  }

  private static Optional<String> differs(String place, JsonNode actual, String wanted) {
    return Optional.of(
        (place.isEmpty() ? "the answer" : place) + " is " + shown(actual) + ", expected " + wanted);
  }

  private static String shown(@Nullable JsonNode value) {
    if (value == null || value.isMissingNode()) {
      return "missing";
    }
    String text = value.isNumber() ? value.asText() : value.toString();
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
