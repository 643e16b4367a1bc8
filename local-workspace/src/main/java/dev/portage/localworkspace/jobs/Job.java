package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * A job. Its settings are kept as they were sent, with Databricks' defaults filled in.
 *
 * @param settings never changed; reset puts another in place
 */
record Job(long id, ObjectNode settings, String creator, Instant createdAt) {
  String name() {
    return settings.path("name").asText();
  }
}
