package dev.portage.localworkspace.pools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.calls.ApiRoutes;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.rights.Right;
import io.javalin.http.HandlerType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a cluster may be made of here: instance pools and runtime versions. On one machine every
 * cluster is the same Python, but a wrong name is refused as it would be.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/instancepools">Instance pools API</a>
 */
public final class Compute {
  private static final Map<String, String> RUNTIMES = runtimes();

  private final List<InstancePool> pools;

  /** The pools of this workspace. */
  public Compute(List<InstancePool> pools) {
    this.pools = List.copyOf(pools);
  }

  /** The pool of that id. */
  public Optional<InstancePool> pool(String id) {
    return pools.stream().filter(pool -> pool.id().equals(id)).findFirst();
  }

  /** Whether clusters can run that version. */
  public boolean hasRuntime(String key) {
    return RUNTIMES.containsKey(key);
  }

  /** Adds the calls that list pools and versions. */
  public void addTo(ApiRoutes routes) {
    routes.on(HandlerType.GET, "/api/2.0/instance-pools/list", Right.POOLS_USE, this::list);
    routes.on(HandlerType.GET, "/api/2.0/instance-pools/get", Right.POOLS_USE, this::get);
    for (String version : List.of("2.0", "2.1")) {
      routes.on(
          HandlerType.GET, "/api/" + version + "/clusters/spark-versions", null, Compute::runtimes);
    }
  }

  private void list(ApiCall call) {
    call.onlyQuery();
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("instance_pools");
    pools.forEach(pool -> list.add(json(pool)));
    call.answer(answer);
  }

  private void get(ApiCall call) {
    call.onlyQuery("instance_pool_id");
    String id = call.query("instance_pool_id");
    if (id == null) {
      throw ApiRefusal.invalidParameter("Missing required field: instance_pool_id");
    }
    InstancePool pool =
        pool(id)
            .orElseThrow(() ->
                ApiRefusal.notFound(
                    "RESOURCE_DOES_NOT_EXIST", "Can't find an instance pool with id: " + id));
    call.answer(json(pool));
  }

  private static ObjectNode json(InstancePool pool) {
    ObjectNode json =
        Json.object()
            .put("instance_pool_id", pool.id())
            .put("instance_pool_name", pool.name())
            .put("node_type_id", pool.nodeType())
            .put("min_idle_instances", 0)
            .put("idle_instance_autotermination_minutes", 60)
            .put("enable_elastic_disk", true)
            .put("state", "ACTIVE");
    json.putObject("default_tags")
        .put("Vendor", "Databricks")
        .put("DatabricksInstancePoolId", pool.id());
    json.putObject("stats").put("used_count", 0).put("idle_count", 0).put("pending_used_count", 0);
    json.putObject("status");
    return json;
  }

  private static void runtimes(ApiCall call) {
    call.onlyQuery();
    ObjectNode answer = Json.object();
    ArrayNode versions = answer.putArray("versions");
    RUNTIMES.forEach((key, name) -> versions.addObject().put("key", key).put("name", name));
    call.answer(answer);
  }

  /**
   * The long-term-support versions, with and without the ML libraries, and one that is not
   * long-term.
   */
  private static Map<String, String> runtimes() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("17.3.x-cpu-ml-scala2.13", "17.3 LTS ML (includes Apache Spark 4.0.0, Scala 2.13)");
    names.put("17.3.x-scala2.13", "17.3 LTS (includes Apache Spark 4.0.0, Scala 2.13)");
    names.put("17.2.x-cpu-ml-scala2.13", "17.2 ML (includes Apache Spark 4.0.0, Scala 2.13)");
    names.put("16.4.x-cpu-ml-scala2.12", "16.4 LTS ML (includes Apache Spark 3.5.2, Scala 2.12)");
    names.put("16.4.x-scala2.12", "16.4 LTS (includes Apache Spark 3.5.2, Scala 2.12)");
    names.put("15.4.x-cpu-ml-scala2.12", "15.4 LTS ML (includes Apache Spark 3.5.0, Scala 2.12)");
    names.put("15.4.x-scala2.12", "15.4 LTS (includes Apache Spark 3.5.0, Scala 2.12)");
    names.put("14.3.x-cpu-ml-scala2.12", "14.3 LTS ML (includes Apache Spark 3.5.0, Scala 2.12)");
    names.put("14.3.x-scala2.12", "14.3 LTS (includes Apache Spark 3.5.0, Scala 2.12)");
    return names;
  }
}
