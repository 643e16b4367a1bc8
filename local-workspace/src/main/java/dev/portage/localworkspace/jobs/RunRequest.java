package dev.portage.localworkspace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.Json;
import org.jspecify.annotations.Nullable;

/**
 * What someone asked to have run, from which the plan of the run is made; the same request always
 * makes the same plan.
 *
 * @param job the job as it was at the request; null for a submission
 * @param ephemeralJobId the id that a submission has in place of a job's
 * @param body the call's
 * @param creator who asked
 * @param token the idempotency token, null for none
 */
record RunRequest(
    @Nullable Job job, long ephemeralJobId, JsonNode body, String creator, @Nullable String token) {

  static RunRequest ofJob(Job job, JsonNode body, String creator) {
    return new RunRequest(job, 0, body, creator, Json.text(body, "idempotency_token"));
  }

  static RunRequest ofSubmission(JsonNode body, long ephemeralJobId, String creator) {
    return new RunRequest(
        null, ephemeralJobId, body, creator, Json.text(body, "idempotency_token"));
  }

  /**
   * The plan.
   *
   * @throws dev.portage.localworkspace.protocol.ApiRefusal when it can't be run
   */
  RunPlan plan() {
    return job == null
        ? RunPlans.ofSubmission(body, ephemeralJobId, creator)
        : RunPlans.ofJob(job, body, creator);
  }

  /** As it is kept. */
  ObjectNode document() {
    ObjectNode document = Json.object().put("creator", creator);
    if (job == null) {
      document.put("ephemeral", ephemeralJobId);
    } else {
      document.set("job", job.document().put("id", job.id()));
    }
    document.set("body", body);
    return document;
  }

  static RunRequest read(JsonNode document) {
    JsonNode job = document.get("job");
    JsonNode body = document.path("body");
    return new RunRequest(
        job == null ? null : Job.read(job.path("id").asLong(), job),
        document.path("ephemeral").asLong(),
        body,
        document.path("creator").asText(),
        Json.text(body, "idempotency_token"));
  }
}
