package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.pools.Compute;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a workspace returns jobs: with what it adds, without what it only consumes, some lists in a
 * different order, and long ones in pages.
 */
final class JobJson {
  /** Elements of a list that one answer holds. */
  private static final int PAGE = 100;

  private static final List<String> LONG =
      List.of("tasks", "job_clusters", "environments", "parameters");

  private final Compute compute;

  JobJson(Compute compute) {
    this.compute = compute;
  }

  /**
   * One job in full.
   *
   * @param token where a page continues, null for the first
   */
  ObjectNode full(Job job, @Nullable String token) {
    ObjectNode json = head(job).put("run_as_user_name", job.runAs());
    ObjectNode settings = shown(job);
    json.set("settings", settings);
    int from = from(token);
    boolean more = false;
    for (String list : LONG) {
      if (settings.get(list) instanceof ArrayNode all && (from > 0 || all.size() > PAGE)) {
        settings.set(list, page(all, from));
        more |= all.size() > from + PAGE;
      }
    }
    if (more) {
      json.put("has_more", true).put("next_page_token", Integer.toString(from + PAGE));
    }
    return json;
  }

  /** A job as a list has it. */
  ObjectNode listed(Job job, boolean withTasks) {
    ObjectNode settings = shown(job);
    if (!withTasks) {
      settings.remove(LONG);
    }
    ObjectNode json = head(job);
    json.set("settings", settings);
    return json;
  }

  private static ObjectNode head(Job job) {
    return Json.object()
        .put("job_id", job.id())
        .put("creator_user_name", job.creator())
        .put("created_time", job.createdAt().toEpochMilli());
  }

  private ObjectNode shown(Job job) {
    ObjectNode settings = job.settings().deepCopy();
    for (ObjectNode cluster : PoolFields.clusters(settings)) {
      cluster.setAll(compute.filled(cluster));
      cluster.remove("apply_policy_default_values");
    }
    PoolFields.add(settings, compute);
    for (JsonNode task : settings.path("tasks")) {
      sort(task.path("depends_on"), "task_key");
      task.path("webhook_notifications").forEach(hooks -> sort(hooks, "id"));
    }
    settings.path("webhook_notifications").forEach(hooks -> sort(hooks, "id"));
    return settings;
  }

  private static void sort(JsonNode json, String key) {
    if (json instanceof ArrayNode list) {
      List<JsonNode> elements = new ArrayList<>();
      list.forEach(elements::add);
      elements.sort(Comparator.comparing(element -> element.path(key).asText()));
      list.removeAll();
      list.addAll(elements);
    }
  }

  private static ArrayNode page(ArrayNode all, int from) {
    ArrayNode page = Json.array();
    for (int i = from; i < Math.min(from + PAGE, all.size()); i++) {
      page.add(all.get(i));
    }
    return page;
  }

  private static int from(@Nullable String token) {
    if (token == null || token.isEmpty()) {
      return 0;
    }
    if (!token.matches("\\d{1,6}")) {
      throw ApiRefusal.invalidParameter("Invalid page_token");
    }
    return Integer.parseInt(token);
  }
}
