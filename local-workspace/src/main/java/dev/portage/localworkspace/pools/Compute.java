package dev.portage.localworkspace.pools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.rights.Right;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.Optional;

/**
 * What a cluster may consist of: instance pools, node types, runtimes and policies. On one machine
 * every cluster is the same Python, but a wrong name is refused as Databricks would.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/instancepools">Instance pools API</a>
 */
public final class Compute {
  private final List<InstancePool> pools;
  private final List<ClusterPolicy> policies;

  /** The pools and policies of this workspace. */
  public Compute(List<InstancePool> pools, List<ClusterPolicy> policies) {
    this.pools = List.copyOf(pools);
    this.policies = List.copyOf(policies);
  }

  /** The pool of that id. */
  public Optional<InstancePool> pool(String id) {
    return pools.stream().filter(pool -> pool.id().equals(id)).findFirst();
  }

  /** Adds the calls that list pools and versions. */
  public void addTo(ApiRoutes routes) {
    routes.on(HandlerType.GET, "/api/2.0/instance-pools/list", Right.POOLS_USE, this::list);
    routes.on(HandlerType.GET, "/api/2.1/clusters/spark-versions", null, Compute::runtimes);
    routes.on(HandlerType.GET, "/api/2.1/clusters/list-node-types", null, Compute::nodeTypes);
    routes.on(HandlerType.GET, "/api/2.0/policies/clusters/list", null, this::policies);
    routes.on(HandlerType.GET, "/api/2.0/policies/clusters/get", null, this::policy);
  }

  private void list(ApiCall call) {
    call.onlyQuery();
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("instance_pools");
    pools.forEach(pool -> list.add(json(pool)));
    call.answer(answer);
  }

  private static ObjectNode json(InstancePool pool) {
    ObjectNode json =
        Json.object()
            .put("instance_pool_id", pool.id())
            .put("instance_pool_name", pool.name())
            .put("node_type_id", pool.nodeType())
            .put("min_idle_instances", 0)
            .put("idle_instance_autotermination_minutes", 60)
            .put("enable_elastic_disk", true)
            .put("state", "ACTIVE");
    json.putObject("default_tags")
        .put("Vendor", "Databricks")
        .put("DatabricksInstancePoolId", pool.id());
    json.putObject("stats").put("used_count", 0).put("idle_count", 0).put("pending_used_count", 0);
    json.putObject("status");
    return json;
  }

  private static void runtimes(ApiCall call) {
    call.onlyQuery();
    call.answer(Runtimes.json());
  }

  private static void nodeTypes(ApiCall call) {
    call.onlyQuery();
    call.answer(NodeTypes.json());
  }

  private void policies(ApiCall call) {
    call.onlyQuery("sort_column", "sort_order");
    ObjectNode answer = Json.object().put("total_count", policies.size());
    ArrayNode list = answer.putArray("policies");
    policies.forEach(policy -> list.add(policy.json()));
    call.answer(answer);
  }

  private void policy(ApiCall call) {
    call.onlyQuery("policy_id");
    String id = call.query("policy_id");
    if (id == null) {
      throw ApiRefusal.invalidParameter("Missing required field: policy_id");
    }
    call.answer(policyOf(id).json());
  }

  private ClusterPolicy policyOf(String id) {
    return policies.stream()
        .filter(policy -> policy.id().equals(id))
        .findFirst()
        .orElseThrow(() ->
            ApiRefusal.notFound(
                "RESOURCE_DOES_NOT_EXIST", "Can't find a cluster policy with id: " + id + "."));
  }

  /**
   * A cluster with all that its policy says of it.
   *
   * @throws ApiRefusal for a policy that there is none of
   */
  public ObjectNode filled(JsonNode cluster) {
    ObjectNode filled = cluster.deepCopy();
    String policy = Json.text(cluster, "policy_id");
    if (policy != null) {
      policyOf(policy).fill(filled, Json.flag(cluster, "apply_policy_default_values", false));
    }
    return filled;
  }

  /**
   * Checks a cluster of a job, {@link #filled}.
   *
   * @throws ApiRefusal INVALID_PARAMETER_VALUE for what a policy forbids or the workspace does not
   *     offer
   */
  public void check(JsonNode cluster) {
    String policy = Json.text(cluster, "policy_id");
    if (policy != null) {
      policyOf(policy).check(cluster);
    }
    String version = Json.text(cluster, "spark_version");
    if (version == null) {
      throw ApiRefusal.invalidParameter("Missing required field: spark_version");
    }
    if (!Runtimes.has(version)) {
      throw ApiRefusal.invalidParameter("Invalid spark version " + version);
    }
    String pool = Json.text(cluster, "instance_pool_id");
    for (String id : new String[] {pool, Json.text(cluster, "driver_instance_pool_id")}) {
      if (id != null && pool(id).isEmpty()) {
        throw ApiRefusal.invalidParameter("Instance pool '" + id + "' does not exist");
      }
    }
    if (pool != null) {
      return;
    }
    if (!cluster.hasNonNull("node_type_id")) {
      throw ApiRefusal.invalidParameter("A new_cluster needs 'node_type_id' or 'instance_pool_id'");
    }
    for (String field : new String[] {"node_type_id", "driver_node_type_id"}) {
      String type = Json.text(cluster, field);
      if (type != null) {
        NodeTypes.check(field, type, Runtimes.resolve(version));
      }
    }
  }
}
