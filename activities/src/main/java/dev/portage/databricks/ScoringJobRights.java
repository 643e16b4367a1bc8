package dev.portage.databricks;

import dev.portage.failure.FailureKind;
import dev.portage.http.HttpAnswer;
import dev.portage.preflight.Finding;
import dev.portage.registry.Tags;
import dev.portage.text.Bounded;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the login may change the scoring jobs that it sees in a workspace. A right on all jobs
 * says nothing about another owner's job, so each job's permissions are read.
 */
final class ScoringJobRights {

  /** Someone waits for the answer. */
  private static final int MOST_PAGES = 10;

  private static final int MOST_JOBS = 50;

  private final DatabricksApi api;
  private final Me login;

  ScoringJobRights(DatabricksApi api, Me login) {
    this.api = api;
    this.login = login;
  }

  /** A lack for each job that the login may not change; nothing where there is no job at all. */
  List<Finding> look() {
    List<StoredJobs.Listed> jobs =
        new StoredJobs(api)
            .newest("find scoring jobs", MOST_PAGES).stream()
                .filter(job -> job.tags().containsKey(Tags.MODEL))
                .filter(job -> !JobTags.isElsewhere(job.tags(), api.workspace().neighbours()))
                .toList();
    List<Finding> findings = new ArrayList<>();
    jobs.stream().limit(MOST_JOBS).forEach(job -> lack(job).ifPresent(findings::add));
    if (!jobs.isEmpty() && findings.isEmpty()) {
      findings.add(
          Finding.ok(
              api.workspace().where(),
              "scoring jobs",
              jobs.size() + " seen; no missing permissions found"));
    }
    return findings;
  }

  private Optional<Finding> lack(StoredJobs.Listed job) {
    Guarded thing = Guarded.job(String.valueOf(job.id()));
    HttpAnswer answer = api.permissionsOf(thing);
    if (DatabricksErrors.isForbidden(answer)) {
      return Optional.of(
          Finding.failed(
              api.workspace().where(),
              thing.words() + " (" + Bounded.line(job.name(), Bounded.NAME) + ")",
              login.name() + " may not change it: " + RightProbes.said(answer),
              "For "
                  + (job.creator() == null ? "" : job.creator() + ", who created it, or ")
                  + "someone else who manages it: "
                  + thing.grant(login)));
    }
    if (!answer.isSuccess()) {
      ApplicationFailure failure = RightProbes.failure(api, thing.question(), answer);
      // If a workspace doesn't report permissions, that is no finding.
      if (failure.getType().equals(FailureKind.PLATFORM.type())) {
        throw failure;
      }
    }
    return Optional.empty();
  }
}
