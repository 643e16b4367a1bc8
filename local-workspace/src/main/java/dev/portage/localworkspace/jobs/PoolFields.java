package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.pools.Compute;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * What a cluster takes from its instance pool. A workspace returns it next to {@code
 * instance_pool_id}, as if it had been requested, and refuses it in requests.
 *
 * @see <a
 *     href="https://github.com/databricks/cli/blob/main/bundle/config/mutator/resourcemutator/cluster_fixups.go">What
 *     Databricks' own client takes out before it sends such a cluster</a>
 */
final class PoolFields {
  private PoolFields() {}

  /** Every cluster that settings define. */
  static List<ObjectNode> clusters(JsonNode settings) {
    List<ObjectNode> clusters = new ArrayList<>();
    for (JsonNode task : settings.path("tasks")) {
      if (task.path("new_cluster") instanceof ObjectNode cluster) {
        clusters.add(cluster);
      }
    }
    for (JsonNode cluster : settings.path("job_clusters")) {
      if (cluster.path("new_cluster") instanceof ObjectNode spec) {
        clusters.add(spec);
      }
    }
    return clusters;
  }

  /**
   * Checks a cluster that is from a pool.
   *
   * @throws ApiRefusal the first field that is the pool's to say
   */
  static void check(JsonNode cluster) {
    for (String field : List.of("node_type_id", "driver_node_type_id", "enable_elastic_disk")) {
      if (cluster.hasNonNull(field)) {
        throw refusal(field);
      }
    }
    only(cluster, "aws_attributes", "instance_profile_arn");
    only(cluster, "azure_attributes", "");
    only(cluster, "gcp_attributes", "google_service_account");
  }

  private static void only(JsonNode cluster, String attributes, String allowed) {
    for (var field : cluster.path(attributes).properties()) {
      if (!field.getKey().equals(allowed)) {
        throw refusal(attributes + "." + field.getKey());
      }
    }
  }

  private static ApiRefusal refusal(String field) {
    return ApiRefusal.invalidParameter(
        "The field '" + field + "' cannot be supplied when an instance pool ID is provided.");
  }

  /** Adds to a job that is given back what its clusters take from their pools. */
  static void add(ObjectNode settings, Compute compute) {
    for (ObjectNode cluster : clusters(settings)) {
      String pool = Json.text(cluster, "instance_pool_id");
      if (pool == null) {
        continue;
      }
      compute
          .pool(pool)
          .ifPresent(found ->
              cluster
                  .put("node_type_id", found.nodeType())
                  .put("driver_node_type_id", found.nodeType()));
      cluster.put("enable_elastic_disk", true);
      cluster
          .putObject("azure_attributes")
          .put("availability", "ON_DEMAND_AZURE")
          .put("first_on_demand", 1)
          .put("spot_bid_max_price", -1);
    }
  }
}
