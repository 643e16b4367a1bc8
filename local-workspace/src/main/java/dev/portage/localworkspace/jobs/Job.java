package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.Json;
import java.time.Instant;

/**
 * A job. Its settings are stored as sent, with Databricks' defaults filled in.
 *
 * @param settings never changed; reset puts another in place
 */
record Job(long id, ObjectNode settings, String creator, Instant createdAt) {
  /** The job as a document has it. */
  static Job read(long id, JsonNode document) {
    return new Job(
        id,
        document.path("settings") instanceof ObjectNode settings ? settings : Json.object(),
        document.path("creator").asText(),
        Instant.parse(document.path("created").asText()));
  }

  /** As it is kept. */
  ObjectNode document() {
    ObjectNode document = Json.object().put("creator", creator);
    document.put("created", createdAt.toString());
    document.set("settings", settings);
    return document;
  }

  String name() {
    return settings.path("name").asText();
  }

  /** Whom it runs as: its creator, until someone changes that. */
  String runAs() {
    for (String kind : new String[] {"service_principal_name", "user_name", "group_name"}) {
      String said = settings.path("run_as").path(kind).asText();
      if (!said.isEmpty()) {
        return said;
      }
    }
    return creator;
  }
}
