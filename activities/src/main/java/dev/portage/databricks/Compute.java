package dev.portage.databricks;

import com.databricks.sdk.service.compute.ClusterSpec;
import com.databricks.sdk.service.compute.DataSecurityMode;
import com.databricks.sdk.service.compute.InstancePoolAndStats;
import com.databricks.sdk.service.compute.InstancePoolState;
import com.databricks.sdk.service.compute.SparkVersion;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the platform file names into what a workspace knows: pool names into ids, "the newest
 * runtime" into a version. Asked at each use, since ids differ by workspace and pools are remade.
 */
final class Compute {
  private static final Pattern VERSION = Pattern.compile("\\d{1,4}\\.\\d{1,4}\\..*");

  private final DatabricksApi api;

  Compute(DatabricksApi api) {
    this.api = api;
  }

  /**
   * The cluster to run on; empty for serverless compute.
   *
   * @param variables set in the cluster's environment
   */
  Optional<ClusterSpec> cluster(Map<String, String> variables) {
    ComputeSettings settings = api.workspace().compute();
    if (settings.isServerless()) {
      return Optional.empty();
    }
    ClusterSpec cluster =
        new ClusterSpec()
            .setSparkVersion(settings.runtime() == null ? newestRuntime() : settings.runtime())
            .setNumWorkers((long) settings.workers())
            // ML runtimes reach Unity Catalog in this mode alone; without one they don't at all.
            .setDataSecurityMode(DataSecurityMode.SINGLE_USER);
    String pool = settings.pool();
    if (pool == null) {
      cluster.setNodeTypeId(settings.nodeType());
    } else {
      String id = poolId(pool);
      cluster.setInstancePoolId(id).setDriverInstancePoolId(id);
    }
    if (settings.workers() == 0) {
      // How a cluster of one node is asked for: docs.databricks.com/api/workspace/clusters/create
      cluster
          .setSparkConf(
              Map.of("spark.databricks.cluster.profile", "singleNode", "spark.master", "local[*]"))
          .setCustomTags(Map.of("ResourceClass", "SingleNode"));
    }
    if (!variables.isEmpty()) {
      cluster.setSparkEnvVars(variables);
    }
    return Optional.of(cluster);
  }

  /** The pools that the login may see. */
  List<InstancePoolAndStats> pools() {
    return api.ask(
        "list instance pools",
        () -> StreamSupport.stream(api.pools().list().spliterator(), false).toList());
  }

  /** The pool of that name among those, unless it is being deleted. */
  static Optional<InstancePoolAndStats> pool(List<InstancePoolAndStats> pools, String name) {
    return pools.stream()
        .filter(pool -> name.equals(pool.getInstancePoolName()))
        .filter(pool -> pool.getState() != InstancePoolState.DELETED)
        .findFirst();
  }

  /** Names of pools, as a message lists them. */
  static String names(List<InstancePoolAndStats> pools) {
    return pools.isEmpty()
        ? "none that its login may use"
        : pools.stream()
            .map(InstancePoolAndStats::getInstancePoolName)
            .sorted()
            .collect(Collectors.joining(", "));
  }

  private String poolId(String name) {
    List<InstancePoolAndStats> pools = pools();
    return pool(pools, name)
        .orElseThrow(() ->
            Failures.of(
                Problem.of(
                    FailureKind.USER,
                    "use pool " + name,
                    api.workspace().where(),
                    "there is no pool of that name; there is: " + names(pools),
                    "Name one of these as the workspace's pool, have it made, or leave it out"
                        + " for serverless compute.")))
        .getInstancePoolId();
  }

  private String newestRuntime() {
    Collection<SparkVersion> versions =
        api.ask("list runtimes", () -> api.clusters().sparkVersions()).getVersions();
    return newestMl(versions == null ? List.of() : versions)
        .orElseThrow(() ->
            Failures.of(
                Problem.of(
                    FailureKind.USER,
                    "choose a runtime",
                    api.workspace().where(),
                    "it offers no long-term-support ML runtime",
                    "Name the runtime to use in the platform file, as 16.4.x-cpu-ml-scala2.12"
                        + ".")));
  }

  /** The newest long-term-support ML runtime for CPUs among those on offer. */
  static Optional<String> newestMl(Collection<SparkVersion> versions) {
    return versions.stream()
        .filter(version -> isMl(version.getKey()) && isLongTerm(version.getName()))
        .map(SparkVersion::getKey)
        .max(
            Comparator.<String>comparingInt(key -> part(key, 0))
                .thenComparingInt(key -> part(key, 1))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static boolean isMl(@Nullable String key) {
    return key != null && key.contains("-cpu-ml-") && VERSION.matcher(key).matches();
  }

  private static boolean isLongTerm(@Nullable String name) {
    return name != null && name.contains("LTS") && !name.contains("Beta");
  }

  /** A part of a version: 16.4.x-cpu-ml-scala2.12 has 16 and 4. */
  private static int part(String key, int index) {
    return Integer.parseInt(key.split("\\.", 3)[index]);
  }
}
