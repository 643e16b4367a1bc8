package dev.portage.localworkspace.jobs;

import dev.portage.localworkspace.secrets.ClusterSecrets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a task's cluster is started with.
 *
 * @param variables environment variables, from {@code spark_env_vars}
 * @param spark Spark settings, from {@code spark_conf}
 * @param secretVariables those variables whose values are secrets
 * @param secretSpark those Spark settings whose values are secrets
 */
public record ClusterSettings(
    Map<String, String> variables,
    Map<String, String> spark,
    Map<String, String> secretVariables,
    Map<String, String> secretSpark) {
  /** For a task without a cluster of its own. */
  static final ClusterSettings NONE = new ClusterSettings(Map.of(), Map.of(), Map.of(), Map.of());

  /** The settings as they were sent, before any secret is read. */
  static ClusterSettings asSent(Map<String, String> variables, Map<String, String> spark) {
    return new ClusterSettings(variables, spark, Map.of(), Map.of());
  }

  /** The same with the values of all secrets that they refer to. */
  ClusterSettings resolved(ClusterSecrets secrets, String user) throws ClusterSecrets.Unresolved {
    return new ClusterSettings(
        plain(variables),
        plain(spark),
        secrets.values(variables, user),
        secrets.values(spark, user));
  }

  private static Map<String, String> plain(Map<String, String> settings) {
    Map<String, String> plain = new LinkedHashMap<>(settings);
    plain.values().removeIf(ClusterSecrets::isReference);
    return plain;
  }

  /** Never a value: one may be a secret. */
  @Override
  public String toString() {
    return "ClusterSettings " + variables.keySet() + spark.keySet();
  }
}
