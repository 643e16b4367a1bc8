package dev.portage.databricks;

import com.databricks.sdk.service.jobs.CancelRun;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.http.HttpAnswer;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether jobs may run on serverless compute. No call says so; a workspace without it says so when
 * a run names no cluster. The requested run can't be created: its token is one character too long,
 * and its notebook doesn't exist.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/jobs/submit">runs/submit</a>
 */
final class ServerlessLook {
  private static final String NO_RUN =
      "{\"run_name\":\"portage-preflight\",\"idempotency_token\":\""
          + "x".repeat(65)
          + "\",\"tasks\":[{\"task_key\":\"portage\",\"notebook_task\":{\"source\":\"WORKSPACE\","
          + "\"notebook_path\":\"/portage-preflight-has-no-notebook\"}}]}";

  /** As "Serverless compute for workflows is not enabled in the workspace". */
  private static final Pattern NOT_OFFERED =
      Pattern.compile(
          "serverless.*(not|n't) (enabled|available|supported|allowed)|serverless.* (disabled|unavailable)"
              + "|(new_cluster|existing_cluster_id)\\W.*must be (specified|provided|set)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final DatabricksApi api;
  private @Nullable HttpAnswer answer;

  ServerlessLook(DatabricksApi api) {
    this.api = api;
  }

  /** What the workspace says against it; empty where it says nothing against it. */
  Optional<String> refusal() {
    HttpAnswer said = answer;
    if (said == null) {
      said = ask();
      answer = said;
    }
    return said.status() == 400 && NOT_OFFERED.matcher(said.message()).find()
        ? Optional.of(RightProbes.said(said))
        : Optional.empty();
  }

  private HttpAnswer ask() {
    HttpAnswer said =
        api.probe("look for serverless compute", "POST", "/api/2.2/jobs/runs/submit", NO_RUN);
    JsonNode run = said.json().path("run_id");
    if (said.isSuccess() && run.canConvertToLong()) {
      // No workspace should accept it; if one does, the result is deleted at once.
      api.call(
          "cancel the probing run",
          () -> api.jobs().cancelRun(new CancelRun().setRunId(run.longValue())));
    }
    return said;
  }
}
