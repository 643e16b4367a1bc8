package dev.portage.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A cluster created for the run.
 *
 * @param machines what it is made of
 * @param workers null for a single node, or for what the policy says
 * @param runtime Databricks Runtime, such as {@code 16.4.x-cpu-ml-scala2.12}; null for the
 *     policy's, else for the newest long-term-support ML runtime that fits the machines
 * @param policy name of the cluster policy, null for none
 * @param spark Spark settings by name; a secret as {@code {{secrets/SCOPE/KEY}}} only
 * @param variables environment variables by name; secrets as above
 * @param libraries installed on the cluster
 * @param tags custom tags of the cluster by name
 */
public record ClusterCompute(
    Machines machines,
    @Nullable Workers workers,
    @Nullable String runtime,
    @Nullable String policy,
    Map<String, String> spark,
    Map<String, String> variables,
    List<Library> libraries,
    Map<String, String> tags)
    implements ComputeSettings {

  public ClusterCompute {
    spark = Map.copyOf(spark);
    variables = Map.copyOf(variables);
    libraries = List.copyOf(libraries);
    tags = Map.copyOf(tags);
  }

  /** One without tags of its own. */
  public ClusterCompute(
      Machines machines,
      @Nullable Workers workers,
      @Nullable String runtime,
      @Nullable String policy,
      Map<String, String> spark,
      Map<String, String> variables,
      List<Library> libraries) {
    this(machines, workers, runtime, policy, spark, variables, libraries, Map.of());
  }

  @Override
  public String text() {
    List<String> parts = new ArrayList<>();
    machines.text().ifPresent(parts::add);
    if (policy != null) {
      parts.add("policy " + policy);
    }
    if (workers != null) {
      parts.add(workers.text());
    } else if (policy == null) {
      parts.add(Workers.SINGLE_NODE);
    }
    if (runtime != null) {
      parts.add("runtime " + runtime);
    }
    addNames(parts, "Spark settings ", spark);
    addNames(parts, "variables ", variables);
    if (!tags.isEmpty()) {
      List<String> written = new ArrayList<>();
      new TreeMap<>(tags).forEach((name, value) -> written.add(name + "=" + value));
      parts.add("tags " + String.join(" ", written));
    }
    return String.join(", ", parts) + Library.text(libraries);
  }

  private static void addNames(List<String> parts, String what, Map<String, String> named) {
    if (!named.isEmpty()) {
      parts.add(what + String.join(" ", new TreeMap<>(named).keySet()));
    }
  }
}
