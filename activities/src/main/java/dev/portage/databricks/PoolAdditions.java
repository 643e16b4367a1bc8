package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a workspace adds to a cluster from an instance pool. It returns all of it from {@code
 * jobs/get}, but refuses it next to {@code instance_pool_id} in a request.
 *
 * @see <a
 *     href="https://github.com/databricks/cli/blob/main/bundle/config/mutator/resourcemutator/cluster_fixups.go">What
 *     Databricks' own client takes out before it resets a job</a>
 */
final class PoolAdditions {

  private PoolAdditions() {}

  /** Takes them out of the settings of a job. */
  static void remove(ObjectNode settings) {
    clusters(settings).forEach(PoolAdditions::removeFromCluster);
    for (JsonNode cluster : settings.path("job_clusters")) {
      if (cluster.path("new_cluster") instanceof ObjectNode spec
          && !spec.hasNonNull("autoscale")
          && !spec.hasNonNull("num_workers")) {
        // A workspace leaves out a zero, and takes a missing one for a mistake.
        spec.put("num_workers", 0);
      }
    }
  }

  /** Every cluster that the settings of a job define. */
  static List<ObjectNode> clusters(JsonNode settings) {
    List<ObjectNode> clusters = new ArrayList<>();
    for (JsonNode task : settings.path("tasks")) {
      add(clusters, task.path("new_cluster"));
      add(clusters, task.path("for_each_task").path("task").path("new_cluster"));
    }
    for (JsonNode cluster : settings.path("job_clusters")) {
      add(clusters, cluster.path("new_cluster"));
    }
    return clusters;
  }

  private static void add(List<ObjectNode> clusters, JsonNode spec) {
    if (spec instanceof ObjectNode cluster) {
      clusters.add(cluster);
    }
  }

  private static void removeFromCluster(ObjectNode cluster) {
    if (cluster.path("instance_pool_id").asText().isEmpty()) {
      // A driver from a pool needs workers from one, so this is the workspace's own.
      cluster.remove("driver_instance_pool_id");
      return;
    }
    keepOnly(cluster, "aws_attributes", "instance_profile_arn");
    keepOnly(cluster, "gcp_attributes", "google_service_account");
    cluster.remove(
        List.of("azure_attributes", "enable_elastic_disk", "node_type_id", "driver_node_type_id"));
  }

  /**
   * People choose the identity that machines run as; the pool determines everything else about
   * them.
   */
  private static void keepOnly(ObjectNode cluster, String attributes, String field) {
    JsonNode kept = cluster.path(attributes).path(field);
    cluster.remove(attributes);
    if (kept.isTextual() && !kept.textValue().isEmpty()) {
      cluster.putObject(attributes).set(field, kept);
    }
  }
}
