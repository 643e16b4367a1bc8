package dev.portage.localworkspace.pools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The node types that a workspace offers: some from each cloud, with and without GPUs, one
 * deprecated and one that its region lacks.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/clusters/listnodetypes">List node
 *     types</a>
 */
final class NodeTypes {
  private static final List<NodeType> ALL =
      List.of(
          new NodeType("Standard_D4ds_v5", 4, 16_384, 0, false, null),
          new NodeType("Standard_DS3_v2", 4, 14_336, 0, false, null),
          new NodeType("Standard_E8ds_v5", 8, 65_536, 0, false, null),
          new NodeType("Standard_NC4as_T4_v3", 4, 28_672, 1, false, null),
          new NodeType("Standard_NC6s_v3", 6, 114_688, 1, true, null),
          new NodeType("Standard_NC24ads_A100_v4", 24, 225_280, 1, false, "NotAvailableInRegion"),
          new NodeType("m5.xlarge", 4, 16_384, 0, false, null),
          new NodeType("i3.xlarge", 4, 31_232, 0, false, null),
          new NodeType("g5.xlarge", 4, 16_384, 1, false, null),
          new NodeType("n2-standard-4", 4, 16_384, 0, false, null));

  private NodeTypes() {}

  /**
   * A kind of machine.
   *
   * @param status why it isn't available, null if it is
   */
  private record NodeType(
      String id, int cores, int memoryMb, int gpus, boolean deprecated, @Nullable String status) {}

  /** The answer to {@code clusters/list-node-types}. */
  static ObjectNode json() {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("node_types");
    for (NodeType type : ALL) {
      ObjectNode json =
          list.addObject()
              .put("node_type_id", type.id())
              .put("instance_type_id", type.id())
              .put("description", type.id())
              .put("category", type.gpus() > 0 ? "GPU Accelerated" : "General Purpose")
              .put("memory_mb", type.memoryMb())
              .put("num_cores", (double) type.cores())
              .put("num_gpus", type.gpus())
              .put("is_deprecated", type.deprecated())
              .put("is_hidden", false)
              .put("support_cluster_tags", true);
      ArrayNode status = json.putObject("node_info").putArray("status");
      if (type.status() != null) {
        status.add(type.status());
      }
    }
    return answer;
  }

  /**
   * Checks the machines of a cluster.
   *
   * @throws ApiRefusal for a type that does not exist, is unavailable, or that the runtime does not
   *     run on
   */
  static void check(String field, String id, String runtime) {
    Optional<NodeType> found = ALL.stream().filter(type -> type.id().equals(id)).findFirst();
    if (found.isEmpty()) {
      throw ApiRefusal.invalidParameter(
          "Node type "
              + id
              + " of '"
              + field
              + "' is not supported. Supported node types: "
              + ALL.stream().map(NodeType::id).collect(Collectors.joining(", ")));
    }
    NodeType type = found.get();
    if (type.status() != null) {
      throw ApiRefusal.invalidParameter("Node type " + id + " is " + type.status());
    }
    if (runtime.contains("-gpu-") != type.gpus() > 0) {
      throw ApiRefusal.invalidParameter(
          "Node type "
              + id
              + (type.gpus() > 0 ? " has GPUs" : " has no GPUs")
              + " and can't be used with spark version "
              + runtime);
    }
  }
}
