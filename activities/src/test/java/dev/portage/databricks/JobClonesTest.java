package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.job.JobChange;
import dev.portage.job.JobDuplicates;
import dev.portage.job.JobOrder;
import dev.portage.job.JobQuery;
import dev.portage.job.JobResume;
import dev.portage.job.JobState;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other jobs with a model's tags: clones, jobs with other names, jobs of a bundle. */
class JobClonesTest {
  private static final JobQuery QUERY = new JobQuery("dev", "churn-batch", "churn");
  private static final String FIRST = "promotion/churn/a";

  @AutoClose private final FakeWorkspace workspace = FakeWorkspace.start();
  private final FakeJobs there = new FakeJobs(workspace);
  private final DatabricksJobs jobs = Orders.jobs(workspace);

  @BeforeEach
  void one() {
    jobs.applyJob(Orders.scoring(FIRST, "1"));
    jobs.resumeJob(new JobResume("dev", 101, FIRST));
  }

  @Test
  void aCloneWithTheSameNameIsNamedAndStopsEverythingBeforeAChange() {
    there.add(there.only());
    int before = workspace.calls("POST /api/2.2/jobs/reset").size();

    assertThatThrownBy(() -> jobs.findJob(QUERY))
        .hasMessageContaining("jobs 101 and 102 all have that name and the tags of model churn")
        .hasMessageContaining("databricks jobs delete 102");
    assertThatThrownBy(() -> jobs.applyJob(Orders.scoring("promotion/churn/b", "2")))
        .hasMessageContaining("jobs 101 and 102");
    assertThat(workspace.calls("POST /api/2.2/jobs/reset")).hasSize(before);
    assertThat(there.settings).containsOnlyKeys(101L, 102L);
  }

  @Test
  @Tag("S1.24")
  void theJobOfAnotherEnvironmentAtTheSameAddressIsNotOurs() {
    workspace.neighbours("qa");
    ObjectNode theirs = there.only().deepCopy().put("name", "churn-batch-qa");
    ((ObjectNode) theirs.path("tags")).put("portage_workspace", "qa");
    there.add(theirs);

    assertThat(jobs.findJob(QUERY))
        .as("it runs by itself, and is neither a clone nor the model's other job here")
        .get()
        .extracting(JobState::jobId, JobState::remarks)
        .containsExactly(101L, null);
    there.settings.remove(101L);
    assertThat(jobs.findJob(QUERY)).as("nor our former one").isEmpty();

    there.job(102).put("name", "churn-batch");
    assertThatThrownBy(() -> jobs.findJob(QUERY))
        .hasMessageContaining("job 102 has that name but belongs to workspace qa");
  }

  @Test
  void severalClonesAreAllNamed() {
    ObjectNode job = there.only();
    there.add(job);
    there.add(job);

    assertThatThrownBy(() -> jobs.findJob(QUERY)).hasMessageContaining("jobs 101 and 102, 103");
  }

  @Test
  void aDuplicateOfThisPromotionIsNoCloneButAnotherCreatorsIs() {
    there.add(there.only());
    JobQuery ours = new JobQuery("dev", "churn-batch", "churn", FIRST);
    assertThat(jobs.findJob(ours)).get().extracting(JobState::jobId).isEqualTo(101L);

    there.creators.put(102L, "ana@example.com");
    assertThatThrownBy(() -> jobs.findJob(ours)).hasMessageContaining("jobs 101 and 102");
    jobs.removeJobTwins(
        new JobDuplicates("dev", "churn-batch", "churn", FIRST, FIRST + "/batch/1", 101L, null));
    assertThat(there.settings).containsOnlyKeys(101L, 102L);
  }

  @Test
  void aCloneOfAJobThatWasResetIsNeverTakenForADuplicateOfIt() {
    JobOrder second = Orders.scoring("promotion/churn/b", "2");
    JobChange change = jobs.applyJob(second);
    there.add(there.only());

    jobs.removeJobTwins(
        new JobDuplicates(
            "dev",
            "churn-batch",
            "churn",
            second.promotion(),
            second.key(),
            101L,
            change.undoUri()));
    assertThatThrownBy(() -> jobs.applyJob(second)).hasMessageContaining("jobs 101 and 102");

    assertThat(there.settings).containsOnlyKeys(101L, 102L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"schedule", "trigger", "continuous"})
  void aRenamedCloneWithItsOwnScheduleStopsToo(String runsBy) {
    ObjectNode clone = there.only().deepCopy().put("name", "Copy of churn-batch");
    clone.remove("schedule");
    clone.putObject(runsBy).put("pause_status", "UNPAUSED");
    there.add(clone);

    assertThatThrownBy(() -> jobs.findJob(QUERY))
        .hasMessageContaining("job 102 (Copy of churn-batch) is a clone of job 101");
  }

  @Test
  void aPausedRenamedCloneIsIgnored() {
    ObjectNode clone = there.only().deepCopy().put("name", "Copy of churn-batch");
    ((ObjectNode) clone.path("schedule")).put("pause_status", "PAUSED");
    there.add(clone);

    assertThat(jobs.findJob(QUERY).orElseThrow().remarks()).isNull();
  }

  @Test
  void aCloneOfAnEarlierDayOrAnotherJobOfTheModelIsReported() {
    there.add(there.only().deepCopy().put("name", "churn-hourly"));
    ((ObjectNode) there.job(101).path("tags")).put("portage_key", "since-promoted-again");

    assertThat(jobs.findJob(QUERY).orElseThrow().remarks())
        .containsExactly(
            "job 102 (churn-hourly) of this model runs by itself too, and stays as it is");
  }

  @Test
  void aFormerJobUnderAnotherNameStopsEverythingWhereNoJobHasTheWantedName() {
    JobQuery renamed = new JobQuery("dev", "churn daily", "churn");

    assertThatThrownBy(() -> jobs.findJob(renamed))
        .hasMessageContaining("no job is named churn daily, but job 101 (churn-batch) has the tag")
        .hasMessageContaining("rename job 101 to that name")
        .hasMessageContaining("Nothing was changed.");
    assertThat(there.settings).containsOnlyKeys(101L);

    ((ObjectNode) there.only().path("schedule")).put("pause_status", "PAUSED");
    assertThat(jobs.findJob(renamed)).isEmpty();
  }

  @Test
  void anotherModelsJobIsNotAFormerJob() {
    assertThat(jobs.findJob(new JobQuery("dev", "credit-batch", "credit"))).isEmpty();
  }

  @Test
  void jobsOfOtherModelsOrOfNobodyAreIgnored() {
    ObjectNode other = there.only().deepCopy().put("name", "credit-batch");
    ((ObjectNode) other.path("tags")).put("portage_model", "credit");
    there.add(other);
    ObjectNode nobodys = there.job(101).deepCopy().put("name", "mine");
    nobodys.remove("tags");
    there.add(nobodys);

    assertThat(jobs.findJob(QUERY).orElseThrow().remarks()).isNull();
  }

  @Test
  void aJobThatABundleDeploysIsRefusedAndKeepsItsBundle() {
    there
        .only()
        .put("edit_mode", "UI_LOCKED")
        .putObject("deployment")
        .put("kind", "BUNDLE")
        .put("metadata_file_path", "/Workspace/Users/ana/.bundle/churn/state/metadata.json");

    assertThatThrownBy(() -> jobs.findJob(QUERY))
        .hasMessageContaining("job 101 is deployed by a bundle")
        .hasMessageContaining(".bundle/churn/state/metadata.json")
        .hasMessageContaining("the next deployment would take Portage's settings back")
        .hasMessageContaining("batch with job: churn-batch and without notebook");
    assertThatThrownBy(() -> jobs.applyJob(Orders.scoring("promotion/churn/b", "2")))
        .hasMessageContaining("job 101 is deployed by a bundle");
    assertThat(there.only().path("edit_mode").asText()).isEqualTo("UI_LOCKED");

    there.only().remove("tags");
    assertThatThrownBy(() -> jobs.findJob(QUERY))
        .as("one that was never Portage's")
        .hasMessageContaining("parameters alone");
  }

  @Test
  void aJobThatDatabricksItselfKeepsIsRefusedToo() {
    there.only().putObject("deployment").put("kind", "SYSTEM_MANAGED");

    assertThatThrownBy(() -> jobs.findJob(QUERY))
        .hasMessageContaining("job 101 is kept by another (SYSTEM_MANAGED)");
  }

  @Test
  void aJobThatPeopleMayNotEditStaysThatWay() {
    there.only().put("edit_mode", "UI_LOCKED");
    int before = workspace.calls("POST /api/2.2/jobs/reset").size();

    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/b", "2"));
    jobs.applyJob(Orders.scoring("promotion/churn/b", "2"));

    assertThat(change.now().modelVersion()).isEqualTo("2");
    assertThat(there.only().path("edit_mode").asText()).isEqualTo("UI_LOCKED");
    assertThat(workspace.calls("POST /api/2.2/jobs/reset")).hasSize(before + 1);
  }

  @Test
  void anEarlierAttemptsJobIsKnownByIdHoweverFarTheListLags() {
    there.settings.clear();
    there.listIsBehind = true;
    there.oldPictures = 20;
    FakeMadeBefore before = new FakeMadeBefore();
    DatabricksJobs attempts =
        new DatabricksJobs(
            workspace.clients(), new Orders.MemoryUndoStore(), new FakeWait(), before);
    JobOrder order = Orders.scoring("promotion/churn/b", "2");

    for (int attempt = 1; attempt <= 4; attempt++) {
      before.attempt(attempt, Duration.ofSeconds(10L * attempt));
      assertThatThrownBy(() -> attempts.applyJob(order)).hasMessageContaining("is not visible yet");
    }
    JobChange change = null;
    for (int attempt = 5; change == null && attempt < 30; attempt++) {
      before.attempt(attempt, Duration.ofSeconds(60));
      try {
        change = attempts.applyJob(order);
      } catch (RuntimeException notYet) {
        assertThat(notYet).hasMessageContaining("is not visible yet");
      }
    }

    assertThat(change).isNotNull();
    assertThat(workspace.calls("POST /api/2.2/jobs/create")).hasSize(2);
    assertThat(there.settings).containsOnlyKeys(102L);
  }

  @Test
  void aCreatedJobIsReadByIdWithoutListing() {
    there.settings.clear();
    int lists = workspace.calls("GET /api/2.2/jobs/list").size();

    jobs.applyJob(Orders.scoring("promotion/churn/b", "2"));

    assertThat(workspace.calls("GET /api/2.2/jobs/list")).hasSize(lists + 1);
  }

  @Test
  void waitsForALostResponsesEffectBeforeCreatingAnotherJob() {
    there.settings.clear();
    FakeWait waiting = new FakeWait();
    DatabricksJobs second =
        new DatabricksJobs(
            workspace.clients(),
            new Orders.MemoryUndoStore(),
            waiting,
            new FakeMadeBefore().attempt(2, Duration.ofSeconds(5)));

    second.applyJob(Orders.scoring("promotion/churn/b", "2"));

    assertThat(waiting.waited()).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
    assertThat(workspace.calls("POST /api/2.2/jobs/create")).hasSize(2);
  }
}
