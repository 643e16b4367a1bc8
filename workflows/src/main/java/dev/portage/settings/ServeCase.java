package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request of the smoke test.
 *
 * @param name as messages call it
 * @param request body of the request
 * @param answer what must come back; null for any answer without an error
 * @param tolerance how much a number may differ from the answer's; a millionth of the number itself
 *     is always allowed, but for 0
 * @param latency longest time to its answer in a smoke test; null for that of the limits
 */
public record ServeCase(
    String name,
    JsonNode request,
    @Nullable JsonNode answer,
    Double tolerance,
    @Nullable Duration latency) {

  /** Tolerance of a case that names none. */
  public static final double TOLERANCE = 1e-6;

  /** Without a time of its own. */
  public ServeCase(String name, JsonNode request, @Nullable JsonNode answer, Double tolerance) {
    this(name, request, answer, tolerance, null);
  }
}
