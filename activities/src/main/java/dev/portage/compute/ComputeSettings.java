package dev.portage.compute;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the tasks that name one compute word run on in one workspace. */
public sealed interface ComputeSettings permits ServerlessCompute, ClusterCompute {

  /** The word of a step that names none. */
  String DEFAULT = "default";

  /** What to install in addition to the runtime's or environment's own packages, in order. */
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

  /** Whether Portage defines no cluster for it. */
  default boolean isServerless() {
    return this instanceof ServerlessCompute;
  }
}
