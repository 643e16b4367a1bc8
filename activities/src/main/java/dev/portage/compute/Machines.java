package dev.portage.compute;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The machines of a cluster: from a pool or of a node type; neither if the policy decides.
 *
 * @param pool name of the instance pool
 * @param driverPool name of the driver's pool, null for that of the workers
 * @param nodeType node type, such as {@code Standard_DS3_v2}
 * @param driverNodeType node type of the driver, null for that of the workers
 */
public record Machines(
    @Nullable String pool,
    @Nullable String driverPool,
    @Nullable String nodeType,
    @Nullable String driverNodeType) {

  /** Machines of one pool. */
  public static Machines ofPool(String pool) {
    return new Machines(pool, null, null, null);
  }

  /** Machines of one type. */
  public static Machines ofType(String nodeType) {
    return new Machines(null, null, nodeType, null);
  }

  /** In words for people; empty where the policy says. */
  Optional<String> text() {
    if (pool != null) {
      return Optional.of(
          "pool " + pool + (driverPool == null ? "" : ", driver of pool " + driverPool));
    }
    return Optional.ofNullable(nodeType)
        .map(type -> type + (driverNodeType == null ? "" : ", driver " + driverNodeType));
  }
}
