package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.job.JobChange;
import dev.portage.job.JobQuery;
import dev.portage.job.JobRestoreOrder;
import dev.portage.job.JobResume;
import dev.portage.job.JobState;
import dev.portage.job.JobUndo;
import dev.portage.job.RestoredJob;
import dev.portage.job.SettingChange;
import dev.portage.job.UndoResult;
import dev.portage.job.UndoResult.Outcome;
import dev.portage.live.SettingsRef;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From its reset until the champion has moved, nothing starts a scoring job by itself. */
class PausedJobsTest extends JobsWorld {
  private static final JobResume RESUME = new JobResume("dev", 101, "promotion/churn/b");

  @Test
  @Tag("S1.10")
  void aNewJobIsPausedUntilItIsResumed() {
    JobChange change = jobs.applyJob(second());
    assertThat(status()).isEqualTo("PAUSED");
    assertThat(change.now().resumes()).isEqualTo("UNPAUSED");

    assertThat(jobs.resumeJob(RESUME))
        .isEqualTo(new UndoResult(Outcome.PUT_BACK, "what starts job 101 is UNPAUSED again"));
    assertThat(status()).isEqualTo("UNPAUSED");
    assertThat(there.only().at("/tags/portage_resume").isMissingNode()).isTrue();
    assertThat(jobs.findJob(QUERY)).get().extracting(JobState::resumes).isNull();
    assertThat(jobs.resumeJob(RESUME).outcome()).isEqualTo(Outcome.NOTHING_TO_DO);
  }

  @Test
  void oneThatPeoplePausedStaysSoAndApproversKnow() {
    jobs.applyJob(first());
    jobs.resumeJob(new JobResume("dev", 101, "promotion/churn/a"));
    ((ObjectNode) there.only().path("schedule")).put("pause_status", "PAUSED");

    assertThat(Objects.requireNonNull(jobs.findJob(QUERY).orElseThrow().remarks()))
        .contains("what starts it is paused, and stays paused");
    jobs.applyJob(second());
    assertThat(jobs.resumeJob(RESUME).text()).isEqualTo("what starts job 101 is PAUSED again");
    assertThat(status()).isEqualTo("PAUSED");
  }

  @Test
  void oneThatATerminatedPromotionLeftPausedIsSaidAndBecomesWhatItWas() {
    jobs.applyJob(first());
    JobQuery ofAnother = new JobQuery("dev", "churn-batch", "churn", "promotion/churn/b");

    assertThat(Objects.requireNonNull(jobs.findJob(ofAnother).orElseThrow().remarks()))
        .containsExactly(
            "what starts it was paused by another promotion, which has not resumed it; it becomes"
                + " UNPAUSED once the champion has moved");
    assertThat(jobs.applyJob(second()).now().resumes()).isEqualTo("UNPAUSED");
    jobs.resumeJob(RESUME);
    assertThat(status()).isEqualTo("UNPAUSED");
  }

  @Test
  void aRestoredJobStartsByItselfAsBefore() {
    jobs.applyJob(first());
    jobs.resumeJob(new JobResume("dev", 101, "promotion/churn/a"));
    JobChange change = jobs.applyJob(second());
    assertThat(status()).isEqualTo("PAUSED");

    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.PUT_BACK);
    assertThat(status()).isEqualTo("UNPAUSED");
  }

  @Test
  @Tag("S1.12")
  void aResumeThatIsCarriedOutLateLeavesTheTasksThatARollbackRestored() {
    JobChange release = jobs.applyJob(first());
    jobs.resumeJob(new JobResume("dev", 101, "promotion/churn/a"));
    jobs.applyJob(second());
    jobs.resumeJob(RESUME);
    FakeWorkspace.Call late = workspace.calls("POST /api/2.2/jobs/update").getLast();

    jobs.restoreJob(order(release, Objects.requireNonNull(release.settings())));
    there.update(late);

    assertThat(jobs.findJob(QUERY).orElseThrow().modelVersion()).isEqualTo("1");
  }

  @Test
  @Tag("S1.12")
  void aRollbackGivesAJobTheSettingsOfItsReleaseOnceItWasResumed() {
    JobChange release = jobs.applyJob(first());
    jobs.resumeJob(new JobResume("dev", 101, "promotion/churn/a"));
    ObjectNode released = there.only().deepCopy();
    assertThat(release.now().lastingHash())
        .isEqualTo(jobs.findJob(QUERY).orElseThrow().settingsHash())
        .isNotEqualTo(release.now().settingsHash());
    jobs.applyJob(second());

    assertThat(jobs.restoreJob(order(release, Objects.requireNonNull(release.settings()))).text())
        .contains("has these settings again");

    assertThat(there.only()).isEqualTo(released);
    assertThat(status()).isEqualTo("UNPAUSED");
  }

  @Test
  void settingsThatWereStoredWhilePausedAreRestoredAsTheyBecome() {
    JobChange release = jobs.applyJob(first());
    JobChange next = jobs.applyJob(second());

    jobs.restoreJob(order(release, Objects.requireNonNull(next.before())));

    assertThat(status()).isEqualTo("UNPAUSED");
    assertThat(there.only().at("/tags/portage_resume").isMissingNode()).isTrue();
  }

  @Test
  void oneThatPeoplePausedIsRestoredPaused() {
    jobs.applyJob(first());
    jobs.resumeJob(new JobResume("dev", 101, "promotion/churn/a"));
    ((ObjectNode) there.only().path("schedule")).put("pause_status", "PAUSED");
    JobChange release = jobs.applyJob(second());
    jobs.resumeJob(RESUME);
    ((ObjectNode) there.only().path("schedule")).put("pause_status", "UNPAUSED");

    jobs.restoreJob(order(release, Objects.requireNonNull(release.settings())));

    assertThat(status()).isEqualTo("PAUSED");
  }

  /** The attempt before may have stored what was there until then, and have had no answer. */
  @Test
  void whatALaterAttemptStoredMayAppearTwice() {
    JobChange release = jobs.applyJob(first());
    jobs.applyJob(second());
    JobRestoreOrder order = order(release, Objects.requireNonNull(release.settings()));
    DatabricksJobs later =
        new DatabricksJobs(
            workspace.clients(),
            undoStore,
            new FakeWait(),
            new FakeMadeBefore().attempt(2, Duration.ofSeconds(30)));

    RestoredJob restored = later.restoreJob(order);

    assertThat(restored.outcome()).isEqualTo(RestoredJob.Outcome.RESTORED);
    assertThat(restored.before()).isNotNull();
    assertThat(restored.mayCome()).isNotNull();
  }

  private static JobRestoreOrder order(JobChange release, SettingsRef settings) {
    return new JobRestoreOrder(
        "dev",
        release.now().name(),
        "churn",
        release.now().jobId(),
        release.now().lastingHash(),
        settings,
        "rollback/dev/churn/1",
        null);
  }

  @Test
  void anotherPromotionsJobAndADeletedOneAreLeftAlone() {
    jobs.applyJob(first());
    assertThat(jobs.resumeJob(RESUME).text())
        .isEqualTo("job 101 is now another promotion's, which pauses and resumes it");
    assertThat(status()).isEqualTo("PAUSED");
    assertThat(jobs.resumeJob(new JobResume("dev", 999, "promotion/churn/a")).outcome())
        .isEqualTo(Outcome.CHANGED_SINCE);
  }

  @Test
  void thePlanShowsTheJobAsItWillBe() {
    jobs.applyJob(first());
    jobs.resumeJob(new JobResume("dev", 101, "promotion/churn/a"));

    assertThat(jobs.previewJob(second()).changes())
        .extracting(SettingChange::name)
        .noneMatch(name -> name.startsWith("schedule"));
  }

  private String status() {
    JsonNode job = there.only();
    return job.at("/schedule/pause_status").asText();
  }
}
