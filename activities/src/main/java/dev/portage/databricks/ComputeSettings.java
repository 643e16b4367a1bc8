package dev.portage.databricks;

import org.jspecify.annotations.Nullable;

/**
 * What notebooks of a workspace run on: a cluster from a pool, a cluster of a node type, or, when
 * neither is named, serverless compute.
 *
 * @param pool name of the instance pool, null for none
 * @param nodeType node type of a cluster without a pool, as {@code Standard_DS3_v2}; null for none,
 *     and ignored beside a pool
 * @param workers number of workers beside the driver; 0 is a cluster of one node
 * @param runtime Databricks runtime, as {@code 16.4.x-cpu-ml-scala2.12}; null for the newest
 *     long-term-support ML runtime on offer
 */
public record ComputeSettings(
    @Nullable String pool, @Nullable String nodeType, int workers, @Nullable String runtime) {

  public ComputeSettings {
    if (workers < 0) {
      throw new IllegalArgumentException("workers is " + workers + ", allowed is 0 or more");
    }
  }

  /** Serverless compute. */
  public static ComputeSettings serverless() {
    return new ComputeSettings(null, null, 0, null);
  }

  /** One node of a pool, with the newest runtime. */
  public static ComputeSettings ofPool(String pool) {
    return new ComputeSettings(pool, null, 0, null);
  }

  /** Whether there is no cluster of ours at all. */
  public boolean isServerless() {
    return pool == null && nodeType == null;
  }
}
