package dev.portage.databricks;

import com.databricks.sdk.service.jobs.CancelRun;
import com.databricks.sdk.service.jobs.DeleteJob;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.compute.ComputeSettings;
import dev.portage.failure.FailureKind;
import dev.portage.http.Attempt;
import dev.portage.http.HttpAnswer;
import dev.portage.http.Redaction;
import dev.portage.preflight.Finding;
import dev.portage.preflight.Finding.Verdict;
import io.temporal.failure.ApplicationFailure;
import java.time.Clock;

/**
 * Finds out whether a login may start runs and create jobs. Databricks has no call for that, so
 * each probe requests something impossible: a task with an invalid key, nothing to do and no
 * compute. A login without the right gets 403; one with the right gets 400 and the error in the
 * task. Neither creates anything; should a workspace accept the request all the same, Portage
 * deletes the result at once and the finding says so.
 *
 * <p>The login may still lack a right on one job (another owner's): see {@link ScoringJobRights}.
 */
final class RightProbes {
  private static final String TASK = "\"tasks\":[{\"task_key\":\"not a key\"}]";

  private final DatabricksApi api;
  private final Me login;

  RightProbes(DatabricksApi api, Me login) {
    this.api = api;
    this.login = login;
  }

  /** The right to start runs, by {@code runs/submit}. */
  Finding runJobs() {
    HttpAnswer answer =
        api.probe(
            "check permission to start runs",
            "POST",
            "/api/2.2/jobs/runs/submit",
            "{\"run_name\":\"portage-preflight\"," + TASK + "}");
    if (answer.isSuccess()) {
      JsonNode run = answer.json().path("run_id");
      if (run.canConvertToLong()) {
        api.call(
            "cancel the probing run",
            () -> api.jobs().cancelRun(new CancelRun().setRunId(run.longValue())));
      }
    }
    return finding("start runs", answer);
  }

  /** The right to make jobs, by {@code jobs/list} and {@code jobs/create}. */
  Finding manageJobs() {
    HttpAnswer listed =
        api.probe("check permission to see jobs", "GET", "/api/2.2/jobs/list?limit=1", null);
    if (!listed.isSuccess()) {
      return finding("see jobs", listed);
    }
    HttpAnswer answer =
        api.probe(
            "check permission to create jobs",
            "POST",
            "/api/2.2/jobs/create",
            "{\"name\":\"portage-preflight\"," + TASK + "}");
    if (answer.isSuccess()) {
      JsonNode job = answer.json().path("job_id");
      if (job.canConvertToLong()) {
        api.call(
            "delete the probing job",
            () -> api.jobs().delete(new DeleteJob().setJobId(job.longValue())));
      }
    }
    return finding("make jobs", answer);
  }

  private Finding finding(String right, HttpAnswer answer) {
    String where = api.workspace().where();
    if (answer.status() == 400) {
      return Finding.ok(where, right, login.name() + " may " + right);
    }
    if (answer.isSuccess()) {
      return new Finding(
          where,
          right,
          Verdict.NOTE,
          "may "
              + right
              + "; the workspace accepted a probe that it should have refused; it was removed",
          null);
    }
    ApplicationFailure failure = failure(api, "check whether the login may " + right, answer);
    if (failure.getType().equals(FailureKind.PLATFORM.type())) {
      throw failure;
    }
    return Finding.failed(
        where,
        right,
        login.name() + " may not " + right + ": " + said(answer),
        "For an admin of the workspace: "
            + (api.workspace().compute().values().stream().allMatch(ComputeSettings::isServerless)
                ? login.grantEntitlements("workspace-access")
                : login.grantEntitlements("workspace-access", "allow-cluster-create")));
  }

  /** The response, in one line. */
  static String said(HttpAnswer answer) {
    String code = answer.errorCode();
    String message = Redaction.text(answer.message());
    return answer.status()
        + (code == null ? "" : " " + code)
        + (message.isEmpty() ? "" : ": " + message);
  }

  /** The failure for an answer, by the table. */
  static ApplicationFailure failure(DatabricksApi api, String tried, HttpAnswer answer) {
    return DatabricksErrors.of(api.workspace())
        .failure(
            new Attempt(tried, api.workspace().where()),
            answer.status(),
            answer.errorCode(),
            answer.message(),
            answer.retryAfter(Clock.systemUTC()));
  }
}
