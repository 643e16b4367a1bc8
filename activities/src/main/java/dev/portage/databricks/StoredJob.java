package dev.portage.databricks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.text.Bounded;
import org.jspecify.annotations.Nullable;

/**
 * A job as stored in the workspace, with all its settings.
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
        return Bounded.line(said, Bounded.PERSON);
      }
    }
    String user = job.path("run_as_user_name").textValue();
    return user == null || user.isEmpty() ? null : Bounded.line(user, Bounded.PERSON);
  }

  /** Who else manages it, as messages say: a bundle, or Databricks itself; null for nobody. */
  @Nullable String keeper() {
    JsonNode deployment = settings.path("deployment");
    if (deployment.isEmpty()) {
      return null;
    }
    String kind = deployment.path("kind").asText();
    String file = deployment.path("metadata_file_path").asText();
    String by =
        kind.equals("BUNDLE")
            ? "deployed by a bundle"
            : "kept by another (" + Bounded.line(kind, Bounded.NAME) + ")";
    return file.isEmpty() ? by : by + ", " + Bounded.line(file, Bounded.NAME);
  }
}
