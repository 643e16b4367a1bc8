package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * What starts a job by itself: one of a schedule, a trigger, and running without end. A local
 * workspace keeps them and fires none.
 *
 * @see <a href="https://docs.databricks.com/aws/en/jobs/model-update-triggers">Model update
 *     triggers</a>
 */
final class JobStarts {
  private static final List<String> KINDS = List.of("schedule", "trigger", "continuous");
  private static final List<String> TRIGGERS =
      List.of("model", "periodic", "file_arrival", "table_update");

  private JobStarts() {}

  /**
   * Checks job settings.
   *
   * @throws ApiRefusal INVALID_PARAMETER_VALUE
   */
  static void check(JsonNode settings) {
    List<String> kinds = among(KINDS, settings);
    if (kinds.size() > 1) {
      throw ApiRefusal.invalidParameter(
          "A job may have only one of schedule, trigger and continuous, not "
              + String.join(" and ", kinds));
    }
    if (settings.hasNonNull("continuous")
        && settings.hasNonNull("max_concurrent_runs")
        && settings.get("max_concurrent_runs").asInt() != 1) {
      throw ApiRefusal.invalidParameter("'max_concurrent_runs' must be 1 for a continuous job");
    }
    JsonNode trigger = Json.part(settings, "trigger");
    if (trigger == null) {
      return;
    }
    List<String> triggers = among(TRIGGERS, trigger);
    if (triggers.size() != 1) {
      throw ApiRefusal.invalidParameter(
          "'trigger' must have exactly one of "
              + String.join(", ", TRIGGERS)
              + ", not "
              + triggers.size());
    }
    JsonNode model = trigger.path("model");
    if (!model.path("aliases").isEmpty()
        && !model.path("condition").asText().equals("MODEL_ALIAS_SET")) {
      throw ApiRefusal.invalidParameter(
          "'trigger.model.aliases' can only be used with condition MODEL_ALIAS_SET");
    }
  }

  private static List<String> among(List<String> names, JsonNode node) {
    List<String> found = new ArrayList<>();
    for (String name : names) {
      if (node.hasNonNull(name)) {
        found.add(name);
      }
    }
    return found;
  }
}
