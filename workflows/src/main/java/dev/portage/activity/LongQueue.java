package dev.portage.activity;

import dev.portage.candidate.ManifestRef;

/**
 * Task queues in addition to a workspace's own, for work that runs or waits long. A worker takes
 * from each only what it has room for; the rest waits in Temporal, where any worker finds it. On
 * the workspace's own queue it would occupy the slots of short calls.
 */
public enum LongQueue {
  /** Waiting for runs and warehouses of the workspace: nothing to do but to ask again. */
  RUNS("/runs"),

  /** Reading a model of the workspace from end to end, for its manifest. */
  MANIFESTS("/manifests"),

  /** Models that are carried to the workspace within moments, so that none waits for hours. */
  SMALL_COPIES("/copies/small"),

  /** Larger models that are carried to the workspace. */
  COPIES("/copies"),

  /** Parts of models that are larger still, of which any worker of the workspace carries some. */
  PARTITIONS("/partitions");

  /** The most that a small model has, in bytes: 64 MiB. */
  public static final long SMALL_BYTES = 64L << 20;

  /** The most files that a small model has. */
  public static final int SMALL_FILES = 200;

  private final String suffix;

  LongQueue(String suffix) {
    this.suffix = suffix;
  }

  /** The queue of those who carry a model's files, by how much that is. */
  public static LongQueue carrying(ManifestRef manifest) {
    return manifest.bytes() <= SMALL_BYTES && manifest.files() <= SMALL_FILES
        ? SMALL_COPIES
        : COPIES;
  }

  /**
   * Its name in Temporal.
   *
   * @param queue the workspace's own
   */
  public String of(String queue) {
    return queue + suffix;
  }
}
