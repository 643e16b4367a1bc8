package dev.portage.databricks;

import com.databricks.sdk.service.jobs.BaseJob;
import com.databricks.sdk.service.jobs.ListJobsRequest;
import com.databricks.sdk.service.jobs.ListJobsResponse;
import dev.portage.failure.FailureKind;
import dev.portage.http.HttpAnswer;
import dev.portage.preflight.Finding;
import dev.portage.registry.Tags;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The scoring jobs of a workspace that the login sees, and whether it may change each. A right on
 * all jobs says nothing of the job of another owner; who may not change one may not read its
 * permissions either, so that is asked for.
 */
final class KeptJobs {
  private static final long PAGE = 100;

  /** Somebody waits for the answer. */
  private static final int MOST_PAGES = 10;

  private static final int MOST_JOBS = 50;

  private final DatabricksApi api;
  private final Me login;

  KeptJobs(DatabricksApi api, Me login) {
    this.api = api;
    this.login = login;
  }

  /** What was found; nothing where there is no such job. */
  List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    List<BaseJob> jobs = kept();
    for (BaseJob job : jobs.subList(0, Math.min(jobs.size(), MOST_JOBS))) {
      look(job, findings);
    }
    if (!jobs.isEmpty() && findings.isEmpty()) {
      findings.add(
          Finding.ok(
              api.workspace().where(),
              "scoring jobs",
              jobs.size() + " seen; no permission is known to lack"));
    }
    return findings;
  }

  private List<BaseJob> kept() {
    List<BaseJob> kept = new ArrayList<>();
    ListJobsRequest request = new ListJobsRequest().setLimit(PAGE);
    for (int page = 0; page < MOST_PAGES; page++) {
      ListJobsResponse listed = api.ask("look for scoring jobs", () -> api.jobs().list(request));
      if (listed.getJobs() != null) {
        listed.getJobs().stream().filter(KeptJobs::isKept).forEach(kept::add);
      }
      String next = listed.getNextPageToken();
      if (next == null || next.isEmpty()) {
        break;
      }
      request.setPageToken(next);
    }
    return kept;
  }

  private static boolean isKept(BaseJob job) {
    Map<String, String> tags = job.getSettings() == null ? null : job.getSettings().getTags();
    return job.getJobId() != null && tags != null && tags.containsKey(Tags.MODEL);
  }

  private void look(BaseJob job, List<Finding> findings) {
    Guarded thing = Guarded.job(String.valueOf(job.getJobId()));
    String tried = "look who may change " + thing.words();
    HttpAnswer answer = api.probe(tried, "GET", thing.path(), null);
    if (DatabricksErrors.isForbidden(answer)) {
      findings.add(
          Finding.lack(
              api.workspace().where(),
              thing.words() + " (" + job.getSettings().getName() + ")",
              login.name() + " may not change it: " + RightProbes.said(answer),
              "Whoever manages it gives the permission by: "
                  + login.grantPermission(thing.kind(), thing.id(), thing.level())));
      return;
    }
    if (!answer.isSuccess()) {
      ApplicationFailure failure = RightProbes.failure(api, tried, answer);
      // A workspace that does not tell permissions says nothing against them.
      if (failure.getType().equals(FailureKind.PLATFORM.type())) {
        throw failure;
      }
    }
  }
}
