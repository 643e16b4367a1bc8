package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A request of the smoke test.
 *
 * @param name as messages call it
 * @param request body of the request
 * @param answer what must come back; null for any answer without an error
 * @param tolerance how much a number may differ from the answer's
 */
public record ServeCase(
    String name, JsonNode request, @Nullable JsonNode answer, Double tolerance) {

  /** Tolerance of a case that names none. */
  public static final double TOLERANCE = 1e-6;
}
