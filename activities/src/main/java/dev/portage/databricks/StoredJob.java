package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A lasting job as the workspace has it, read whole.
 *
 * @param id its id
 * @param creator who made it, null when the workspace does not say
 * @param runAs whom it runs as, null when the workspace does not say
 * @param settings its settings
 */
record StoredJob(long id, @Nullable String creator, @Nullable String runAs, JsonNode settings) {

  /** Reads what {@code jobs/get} answered. */
  static StoredJob of(long id, JsonNode job) {
    JsonNode settings = job.path("settings");
    return new StoredJob(
        id, job.path("creator_user_name").textValue(), runAs(job, settings), settings);
  }

  private static @Nullable String runAs(JsonNode job, JsonNode settings) {
    for (String kind : new String[] {"service_principal_name", "user_name", "group_name"}) {
      String said = settings.path("run_as").path(kind).textValue();
      if (said != null && !said.isEmpty()) {
        return said;
      }
    }
    String user = job.path("run_as_user_name").textValue();
    return user == null || user.isEmpty() ? null : user;
  }

  /** Where the bundle that deploys it keeps its record, null for a job of no bundle. */
  @Nullable String bundle() {
    JsonNode deployment = settings.path("deployment");
    if (!deployment.path("kind").asText().equals("BUNDLE")) {
      return null;
    }
    String file = deployment.path("metadata_file_path").asText();
    return file.isEmpty() ? "which does not say where" : file;
  }
}
