package dev.portage.sandbox.world;

import dev.portage.localworkspace.serving.ServingSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The settings of a world.
 *
 * @param fresh whether to delete what was there before
 * @param environment variables: PORTAGE_PYTHON, PORTAGE_TEMPORAL, PATH
 * @param front what is in front of the workspaces
 * @param workerOptions further options of the workers' JVMs
 * @param spark whether notebooks have Spark
 * @param name what people call it; "" for the name of its folder
 * @param startLimit how long a served version may take to start
 */
public record WorldSettings(
    boolean fresh,
    Map<String, String> environment,
    Front front,
    List<String> workerOptions,
    Spark spark,
    String name,
    Duration startLimit) {

  /** Whether notebooks have Spark, whose first use in a run costs seconds. */
  public enum Spark {
    /** Even where it is installed. */
    NEVER,
    /** Only where it was installed before. */
    IF_INSTALLED,
    /** And it is installed where it is not. */
    INSTALL
  }

  /** Something that workers talk to in place of a workspace. */
  @FunctionalInterface
  public interface Front {

    /** Address that workers are given for a workspace. */
    URI before(String workspace, URI host);
  }

  public WorldSettings {
    environment = Map.copyOf(environment);
    workerOptions = List.copyOf(workerOptions);
  }

  /** One without a name of its own. */
  public WorldSettings(
      boolean fresh,
      Map<String, String> environment,
      Front front,
      List<String> workerOptions,
      Spark spark) {
    this(
        fresh,
        environment,
        front,
        workerOptions,
        spark,
        "",
        ServingSettings.standard().startLimit());
  }

  /** Nothing is in front of the workspaces. */
  public static WorldSettings plain(boolean fresh, Spark spark) {
    return new WorldSettings(fresh, System.getenv(), (_, host) -> host, List.of(), spark);
  }

  /** The same under a name. */
  public WorldSettings named(String other) {
    return new WorldSettings(fresh, environment, front, workerOptions, spark, other, startLimit);
  }

  /** The same with another limit for the start of a served version. */
  public WorldSettings withStartLimit(Duration limit) {
    return new WorldSettings(fresh, environment, front, workerOptions, spark, name, limit);
  }
}
