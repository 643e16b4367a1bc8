package dev.portage.databricks;

import com.databricks.sdk.service.compute.AutoScale;
import com.databricks.sdk.service.compute.ClusterSpec;
import com.databricks.sdk.service.compute.DataSecurityMode;
import com.databricks.sdk.service.compute.InstancePoolAndStats;
import com.databricks.sdk.service.compute.NodeType;
import com.databricks.sdk.service.compute.Policy;
import dev.portage.compute.ClusterCompute;
import dev.portage.compute.ComputeSettings;
import dev.portage.compute.Machines;
import dev.portage.compute.ServerlessCompute;
import dev.portage.compute.Workers;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.job.Source;
import dev.portage.settings.JobPlaces;
import io.temporal.failure.ApplicationFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Resolves names in the platform file to what a workspace knows: pools and policies to ids, "the
 * newest runtime" to a version. Resolved at each use, since ids differ between workspaces and pools
 * are recreated.
 */
final class Compute {
  /** How to request a single-node cluster: docs.databricks.com/api/workspace/clusters/create */
  private static final Map<String, String> SINGLE_NODE =
      Map.of("spark.databricks.cluster.profile", "singleNode", "spark.master", "local[*]");

  private final DatabricksApi api;
  private final Offers offers;

  Compute(DatabricksApi api) {
    this(api, new Offers(api));
  }

  Compute(DatabricksApi api, Offers offers) {
    this.api = api;
    this.offers = offers;
  }

  /**
   * What tasks of a compute word run on.
   *
   * @param word null for the word of a step that names none
   * @param source the commit, whose requirements files may have to be installed
   * @param variables set in a cluster's environment in addition to the word's own; serverless
   *     compute takes none
   */
  TaskCompute of(@Nullable String word, Source source, Map<String, String> variables) {
    ComputeSettings settings = api.workspace().compute(word);
    List<LibrarySource> libraries =
        LibrarySource.all(settings.libraries(), source, api.workspace());
    return switch (settings) {
      case ServerlessCompute serverless -> TaskCompute.serverless(serverless.version(), libraries);
      case ClusterCompute cluster -> TaskCompute.cluster(spec(cluster, variables), libraries);
    };
  }

  /**
   * A cluster as requested.
   *
   * @throws ApplicationFailure the user's, when the workspace lacks a pool, policy or runtime
   */
  ClusterSpec spec(ClusterCompute wanted, Map<String, String> variables) {
    Policy policy = wanted.policy() == null ? null : policy(wanted.policy());
    PolicyDefinition rules = policy == null ? null : PolicyDefinition.of(policy);
    ClusterSpec spec = new ClusterSpec();
    if (policy != null) {
      spec.setPolicyId(policy.getPolicyId()).setApplyPolicyDefaultValues(true);
    }
    NodeType machine = addMachines(spec, wanted.machines(), rules, wanted.runtime() == null);
    if (wanted.runtime() != null) {
      spec.setSparkVersion(wanted.runtime());
    } else if (!decides(rules, "spark_version")) {
      spec.setSparkVersion(newestRuntime(hasGpu(machine)));
    }
    if (!decides(rules, "data_security_mode")) {
      // ML runtimes reach Unity Catalog in this mode alone; without one they don't at all.
      spec.setDataSecurityMode(DataSecurityMode.SINGLE_USER);
    }
    Map<String, String> spark = new HashMap<>();
    Map<String, String> tags = new HashMap<>(wanted.tags());
    addWorkers(spec, wanted.workers(), rules, spark, tags);
    if (!tags.isEmpty()) {
      spec.setCustomTags(tags);
    }
    spark.putAll(wanted.spark());
    if (!spark.isEmpty()) {
      spec.setSparkConf(spark);
    }
    Map<String, String> environment = new HashMap<>(wanted.variables());
    environment.putAll(variables);
    if (!environment.isEmpty()) {
      spec.setSparkEnvVars(environment);
    }
    return spec;
  }

  /** The workers' machine type, where it is needed and known; otherwise null. */
  private @Nullable NodeType addMachines(
      ClusterSpec spec, Machines machines, @Nullable PolicyDefinition rules, boolean needed) {
    String type = machines.nodeType();
    if (machines.pool() != null) {
      InstancePoolAndStats pool = pool(machines.pool());
      String driver = machines.driverPool();
      spec.setInstancePoolId(pool.getInstancePoolId())
          .setDriverInstancePoolId(
              driver == null ? pool.getInstancePoolId() : pool(driver).getInstancePoolId());
      type = pool.getNodeTypeId();
    } else {
      spec.setNodeTypeId(type).setDriverNodeTypeId(machines.driverNodeType());
      if (type == null && rules != null) {
        type = rules.decided("node_type_id");
      }
    }
    return needed && type != null && !decides(rules, "spark_version")
        ? offers.nodeType(type).orElse(null)
        : null;
  }

  private static void addWorkers(
      ClusterSpec spec,
      @Nullable Workers workers,
      @Nullable PolicyDefinition rules,
      Map<String, String> spark,
      Map<String, String> tags) {
    boolean decided =
        decides(rules, "num_workers")
            || decides(rules, "autoscale.min_workers")
            || decides(rules, "autoscale.max_workers");
    if (workers == null && decided) {
      return;
    }
    Workers asked = workers == null ? Workers.fixed(0) : workers;
    if (asked.most() != null) {
      spec.setAutoscale(
          new AutoScale()
              .setMinWorkers((long) asked.least())
              .setMaxWorkers(asked.most().longValue()));
      return;
    }
    spec.setNumWorkers((long) asked.least());
    if (asked.isSingleNode()) {
      spark.putAll(SINGLE_NODE);
      tags.put("ResourceClass", "SingleNode");
    }
  }

  static boolean hasGpu(@Nullable NodeType type) {
    return type != null && type.getNumGpus() != null && type.getNumGpus() > 0;
  }

  private static boolean decides(@Nullable PolicyDefinition rules, String attribute) {
    return rules != null && rules.decides(attribute);
  }

  /**
   * Id of a pool or policy.
   *
   * @param named as {@code pool:ml-small}
   * @throws ApplicationFailure the user's, when the workspace lacks it
   */
  String idOf(String named) {
    String id =
        named.startsWith(JobPlaces.POOL)
            ? pool(named.substring(JobPlaces.POOL.length()).strip()).getInstancePoolId()
            : policy(named.substring(JobPlaces.POLICY.length()).strip()).getPolicyId();
    return Objects.requireNonNull(id, "what the workspace lists has an id");
  }

  private InstancePoolAndStats pool(String name) {
    return offers
        .pool(name)
        .orElseThrow(() ->
            lacks(
                "use pool " + name,
                "there is no pool with that name; there is: "
                    + Offers.names(offers.pools(), InstancePoolAndStats::getInstancePoolName),
                "Name one of these in the platform file, create it, or leave it out for serverless compute."));
  }

  private Policy policy(String name) {
    return offers
        .policy(name)
        .orElseThrow(() ->
            lacks(
                "use policy " + name,
                "there is no policy with that name; there is: "
                    + Offers.names(offers.policies(), Policy::getName),
                "Name one of these in the platform file, or create it."));
  }

  private String newestRuntime(boolean gpu) {
    Optional<String> newest = Runtimes.newestMl(offers.runtimes(), gpu);
    return newest.orElseThrow(() ->
        lacks(
            "choose a runtime",
            "it offers no long-term-support ML runtime" + (gpu ? " for GPUs" : ""),
            "Name the runtime to use in the platform file, such as 16.4.x-"
                + (gpu ? "gpu" : "cpu")
                + "-ml-scala2.12."));
  }

  private ApplicationFailure lacks(String tried, String cameBack, String remedy) {
    return Failures.of(
        Problem.of(FailureKind.USER, tried, api.workspace().where(), cameBack, remedy));
  }
}
