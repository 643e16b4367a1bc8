package dev.portage.compute;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the tasks of one compute word run on in one workspace. */
public sealed interface ComputeSettings permits ServerlessCompute, ClusterCompute {

  /** The word of a step that names none. */
  String DEFAULT = "default";

  /** What is installed beside what the runtime or environment has, in order. */
  List<Library> libraries();

  /** What it is, in a line for people; without values of variables and Spark settings. */
  String text();

  /** Serverless compute as it comes. */
  static ComputeSettings serverless() {
    return new ServerlessCompute(null, List.of());
  }

  /** One node of a pool, with the newest runtime. */
  static ComputeSettings ofPool(String pool) {
    return ofPool(pool, null);
  }

  /**
   * One node of a pool.
   *
   * @param runtime null for the newest
   */
  static ComputeSettings ofPool(String pool, @Nullable String runtime) {
    return new ClusterCompute(
        Machines.ofPool(pool), null, runtime, null, Map.of(), Map.of(), List.of());
  }

  /** Whether there is no cluster of ours at all. */
  default boolean isServerless() {
    return this instanceof ServerlessCompute;
  }
}
