package dev.portage.databricks;

import com.databricks.sdk.service.compute.InstancePoolAndStats;
import com.databricks.sdk.service.compute.InstancePoolState;
import com.databricks.sdk.service.compute.ListClusterPoliciesRequest;
import com.databricks.sdk.service.compute.NodeType;
import com.databricks.sdk.service.compute.Policy;
import com.databricks.sdk.service.compute.SparkVersion;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a workspace offers for building clusters. Each list is requested once, when first needed;
 * use one object per inspection of a workspace.
 */
final class Offers {
  private final DatabricksApi api;
  private @Nullable List<InstancePoolAndStats> pools;
  private @Nullable List<SparkVersion> runtimes;
  private @Nullable List<NodeType> nodeTypes;
  private @Nullable List<Policy> policies;

  Offers(DatabricksApi api) {
    this.api = api;
  }

  /** The pools that the login may use, without those that are being deleted. */
  List<InstancePoolAndStats> pools() {
    List<InstancePoolAndStats> known = pools;
    if (known == null) {
      known =
          api.ask(
              "list instance pools",
              () ->
                  StreamSupport.stream(api.pools().list().spliterator(), false)
                      .filter(pool -> pool.getState() != InstancePoolState.DELETED)
                      .toList());
      pools = known;
    }
    return known;
  }

  List<SparkVersion> runtimes() {
    List<SparkVersion> known = runtimes;
    if (known == null) {
      known =
          list(api.ask("list runtimes", () -> api.clusters().sparkVersions()).getVersions())
              .stream()
              .filter(version -> version.getKey() != null)
              .toList();
      runtimes = known;
    }
    return known;
  }

  List<NodeType> nodeTypes() {
    List<NodeType> known = nodeTypes;
    if (known == null) {
      known = list(api.ask("list node types", () -> api.clusters().listNodeTypes()).getNodeTypes());
      nodeTypes = known;
    }
    return known;
  }

  /** The policies that the login may use. */
  List<Policy> policies() {
    List<Policy> known = policies;
    if (known == null) {
      known =
          api.ask(
              "list cluster policies",
              () ->
                  StreamSupport.stream(
                          api.policies().list(new ListClusterPoliciesRequest()).spliterator(),
                          false)
                      .toList());
      policies = known;
    }
    return known;
  }

  Optional<InstancePoolAndStats> pool(String name) {
    return pools().stream().filter(pool -> name.equals(pool.getInstancePoolName())).findFirst();
  }

  Optional<Policy> policy(String name) {
    return policies().stream().filter(policy -> name.equals(policy.getName())).findFirst();
  }

  Optional<NodeType> nodeType(String id) {
    return nodeTypes().stream().filter(type -> id.equals(type.getNodeTypeId())).findFirst();
  }

  boolean hasRuntime(String key) {
    return runtimes().stream().anyMatch(version -> key.equals(version.getKey()));
  }

  /** Names in order, as a message lists them. */
  static <T> String names(List<T> all, Function<T, @Nullable String> name) {
    return all.isEmpty()
        ? "none that the login may use"
        : all.stream()
            .map(name)
            .filter(Objects::nonNull)
            .sorted()
            .collect(Collectors.joining(", "));
  }

  private static <T> List<T> list(@Nullable Collection<T> items) {
    return items == null ? List.of() : List.copyOf(items);
  }
}
