package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * Endpoints whose routes are optimized: those created since autumn 2025 take requests at an address
 * of their own alone. There nobody can ask one served version, so none can be tested before it gets
 * traffic.
 *
 * @see <a
 *     href="https://docs.databricks.com/aws/en/machine-learning/model-serving/query-route-optimization">Query
 *     route-optimized serving endpoints</a>
 */
final class OptimizedRoutes {
  /** What is wrong with such an endpoint. */
  static final String TEXT =
      "its routes are optimized, so it takes no requests at the workspace's own address, by which"
          + " each version is tested";

  private static final Instant SINCE = Instant.parse("2025-09-22T00:00:00Z");

  private OptimizedRoutes() {}

  /**
   * Whether an endpoint can be asked by its own address alone.
   *
   * @param found as the API shows it; one that doesn't say when it was created may be an older one
   */
  static boolean are(JsonNode found) {
    return found.path("route_optimized").asBoolean(false)
        && !Instant.ofEpochMilli(found.path("creation_timestamp").asLong(0)).isBefore(SINCE);
  }
}
