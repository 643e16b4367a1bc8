package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.job.JobChange;
import dev.portage.job.JobState;
import dev.portage.job.JobUndo;
import dev.portage.job.UndoResult;
import dev.portage.job.UndoResult.Outcome;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jobs that a workspace shows with outdated settings, no longer shows, or hides from some logins.
 */
class JobPicturesTest extends JobsWorld {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void outdatedSettingsAfterAResetAreNotTakenForAnotherPersonsChange(int oldPictures) {
    jobs.applyJob(first());
    JobState before = jobs.findJob(QUERY).orElseThrow();
    there.oldPictures = oldPictures;

    JobChange change = jobs.applyJob(second());

    assertThat(change.now().modelVersion()).isEqualTo("2");
    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.PUT_BACK);
    there.oldPictures = 0;
    assertThat(jobs.findJob(QUERY)).get().isEqualTo(before);
  }

  @Test
  void outdatedSettingsAreReadAgainUntilTheResetShows() {
    jobs.applyJob(first());
    JobState before = jobs.findJob(QUERY).orElseThrow();
    there.oldPictures = 4;
    assertThatThrownBy(() -> jobs.applyJob(second()))
        .hasMessageContaining("still shows its previous settings");
    there.oldPictures = 0;

    JobChange change = jobs.applyJob(second());

    assertThat(change.previousHash()).isEqualTo(before.settingsHash());
    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.PUT_BACK);
    assertThat(jobs.findJob(QUERY)).hasValue(before);
  }

  @Test
  void aJobThatNoListShowsIsFoundByTheIdThatTheLastReleaseRecorded() {
    jobs.applyJob(first());
    JobState before = jobs.findJob(QUERY).orElseThrow();
    there.listIsBehind = true;

    assertThat(jobs.findJob(QUERY)).isEmpty();
    assertThat(jobs.findJob(QUERY.recordedAs(before.jobId()))).hasValue(before);
  }

  @Test
  void aRecordedJobThatIsGoneOrHiddenIsNotTreatedAsNone() {
    there.absence = FakeWorkspace.refusal(403, "PERMISSION_DENIED", "no View on job 101");

    assertThat(jobs.findJob(QUERY)).isEmpty();
    assertThatThrownBy(() -> jobs.findJob(QUERY.recordedAs(101)))
        .hasMessageContaining("no View on job 101")
        .hasMessageContaining("It was deleted, or");
    assertThatThrownBy(() -> jobs.applyJob(Orders.seen(second(), 101)))
        .hasMessageContaining("no View on job 101");
    assertThat(there.settings).isEmpty();
  }

  @Test
  void aRecordedJobThatWasDeletedOrRenamedSinceIsNone() {
    assertThat(jobs.findJob(QUERY.recordedAs(101))).isEmpty();

    jobs.applyJob(first());
    there.only().put("name", "churn-of-before").remove("schedule");
    assertThat(jobs.findJob(QUERY.recordedAs(101))).isEmpty();
  }

  @Test
  void anInspectedJobIsResetAlthoughNoListShowsIt() {
    jobs.applyJob(first());
    there.listIsBehind = true;

    JobChange change = jobs.applyJob(Orders.seen(second(), 101));

    assertThat(change.effect()).isEqualTo(JobChange.Effect.RESET);
    assertThat(there.only().at("/tags/portage_model").asText()).isEqualTo("churn");
  }

  @Test
  void aJobShownWithItsOldSettingsIsRestoredAnyway() {
    jobs.applyJob(first());
    JsonNode before = there.only().deepCopy();
    JobChange change = jobs.applyJob(second());
    workspace.once(
        "GET /api/2.2/jobs/get",
        FakeWorkspace.json(200, "{\"job_id\":101,\"settings\":" + before + "}"));

    jobs.undoJob(new JobUndo("dev", change));

    assertThat(there.only()).isEqualTo(before);
  }

  @Test
  void aCreatedJobThatIsNotShownYetIsDeletedAnyway() {
    JobChange change = jobs.applyJob(first());
    workspace.once(
        "GET /api/2.2/jobs/get",
        FakeWorkspace.json(404, "{\"message\":\"Job 101 does not exist.\"}"));

    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.PUT_BACK);
    assertThat(there.settings).isEmpty();
  }

  @Test
  void aChangeRecordedFromOutdatedSettingsIsStillOurs() {
    jobs.applyJob(first());
    JobChange change = jobs.applyJob(second());
    JobState now = change.now();
    JobChange recorded =
        new JobChange(
            new JobState(
                now.jobId(),
                now.name(),
                String.valueOf(change.previousHash()),
                "1",
                now.commit(),
                now.page()),
            change.effect(),
            change.previousHash(),
            change.undoUri());

    assertThat(jobs.undoJob(new JobUndo("dev", recorded)).outcome()).isEqualTo(Outcome.PUT_BACK);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"404 | {\"message\":\"Job 101 does not exist.\"}", "404 | ''", "404 | {}"})
  void aBare404MeansThatTheJobIsGone(int status, String body) {
    jobs.applyJob(first());
    JobChange change = jobs.applyJob(second());
    there.settings.clear();
    there.absence = FakeWorkspace.json(status, body);

    assertThat(jobs.undoJob(new JobUndo("dev", change)).text()).endsWith("has since been deleted");
    assertThat(jobs.findJob(QUERY)).isEmpty();
  }

  @Test
  void aPageThatIsNotFromTheJobsApiDoesNotMeanThatAJobIsGone() {
    JobChange change = jobs.applyJob(first());
    there.settings.clear();
    there.absence = FakeWorkspace.json(404, "<html>nothing here</html>");

    assertThatThrownBy(() -> jobs.undoJob(new JobUndo("dev", change))).hasMessageContaining("404");
  }

  @Test
  void aJobThatALoginMayNotSeeIsReportedAsGoneOrHidden() {
    jobs.applyJob(first());
    JobChange change = jobs.applyJob(second());
    there.settings.clear();
    there.absence = denied();

    UndoResult undone = jobs.undoJob(new JobUndo("dev", change));

    assertThat(undone.outcome()).isEqualTo(Outcome.CHANGED_SINCE);
    assertThat(undone.text())
        .contains("is gone or hidden from this login (403 ")
        .contains("and scores with version 2")
        .endsWith("databricks jobs get 101");
  }

  @Test
  void aJobDeletedDuringListingIsGoneEvenForALoginThatGets403() {
    jobs.applyJob(first());
    workspace.once("GET /api/2.2/jobs/get", denied());
    workspace.once(
        "GET /api/2.2/jobs/list",
        FakeWorkspace.json(
            200, "{\"jobs\":[{\"job_id\":77,\"settings\":{\"name\":\"churn-batch\"}}]}"));

    assertThat(jobs.findJob(QUERY)).isEmpty();
  }

  @Test
  void aReadOnlyJobIsReportedWithTheCommandForThatJob() {
    jobs.applyJob(first());
    workspace.on(RESET, call -> denied());
    workspace.on("GET " + Me.PATH, "{\"id\":\"7\",\"userName\":\"portage@example.com\"}");

    assertThatThrownBy(() -> jobs.applyJob(second()))
        .hasMessageContaining("It was deleted, or portage@example.com")
        .hasMessageContaining(
            "databricks permissions update jobs 101 --json"
                + " '{\"access_control_list\":[{\"user_name\":\"portage@example.com\","
                + "\"permission_level\":\"CAN_MANAGE\"}]}'");
  }

  private static MockResponse denied() {
    return FakeWorkspace.refusal(
        403,
        "PERMISSION_DENIED",
        "User portage does not have View or Admin or Manage Run or Owner permissions on job 101");
  }
}
