package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.job.JobChange;
import dev.portage.job.JobChange.Effect;
import dev.portage.job.JobDuplicates;
import dev.portage.job.JobQuery;
import dev.portage.job.JobState;
import dev.portage.job.JobUndo;
import dev.portage.job.UndoResult.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs whose tags were written before tags had to suit every cloud. */
class JobsOfBeforeTest {
  private static final JobQuery QUERY = new JobQuery("dev", "churn-batch", "churn");
  private static final String RESET_BY = "promotion/churn/ba9876543210";
  private static final String UNDO = "runs:/dcac89abccbe4ccd8661db9636109bb1/job-before.json";
  private static final String HASH =
      "4c043adc7390b9335b0df224542a477820e515a22658e44a30ff2a157d76d139";

  @AutoClose private final FakeWorkspace workspace = FakeWorkspace.start();
  private final FakeJobs there = new FakeJobs(workspace);
  private final Orders.MemoryUndoStore undoStore = new Orders.MemoryUndoStore();
  private final DatabricksJobs jobs =
      new DatabricksJobs(workspace.clients(), undoStore, new FakeWait());

  @BeforeEach
  void keep() throws IOException {
    undoStore.kept.put(UNDO, SettingsJson.canonical(job("created")));
  }

  @Test
  void aJobAndItsChangeAreFoundByTheirTags() throws IOException {
    there.add(job("reset"));

    JobState found = jobs.findJob(QUERY).orElseThrow();

    assertThat(found.promotion()).isEqualTo(RESET_BY);
    assertThat(found.previousHash()).isEqualTo(HASH);
    assertThat(found.undoUri()).isEqualTo(UNDO);
  }

  @Test
  void aChangeWhoseResponseWasLostIsRestored() throws IOException {
    there.add(job("reset"));
    JobChange change = jobs.findJob(QUERY).flatMap(JobState::change).orElseThrow();

    assertThat(change.effect()).isEqualTo(Effect.RESET);
    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.PUT_BACK);
    assertThat(SettingsJson.canonical(there.only()))
        .isEqualTo(SettingsJson.canonical(job("created")));
  }

  @Test
  void theNextPromotionResetsItWithNewTags() throws IOException {
    there.add(job("created"));

    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/b", "2"));

    assertThat(change.effect()).isEqualTo(Effect.RESET);
    assertThat(change.previousHash()).isEqualTo(HASH);
    assertThat(there.only().path("tags").properties())
        .allSatisfy(tag -> assertThat(tag.getValue().asText()).matches("[a-z0-9_-]{1,63}"));
    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.PUT_BACK);
    assertThat(SettingsJson.canonical(there.only()))
        .isEqualTo(SettingsJson.canonical(job("created")));
  }

  @Test
  void anotherAttemptOfThatPromotionKeepsTheUndo() throws IOException {
    there.add(job("reset"));

    JobChange change = jobs.applyJob(Orders.scoring(RESET_BY, "2"));

    assertThat(change.effect()).isEqualTo(Effect.RESET);
    assertThat(change.previousHash()).isEqualTo(HASH);
    assertThat(change.undoUri()).isEqualTo(UNDO);
    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.PUT_BACK);
  }

  @Test
  void aDuplicateOfThatPromotionIsDeleted() throws IOException {
    there.add(job("created"));
    there.add(job("created"));

    jobs.removeJobTwins(
        new JobDuplicates(
            "dev",
            "churn-batch",
            "churn",
            "promotion/churn/0123456789ab",
            "promotion/churn/0123456789ab#prod/batch#1",
            101L,
            null));

    assertThat(there.settings).containsOnlyKeys(101L);
  }

  /**
   * How an older history identifies a change by hash, with the settings as they were returned then.
   */
  @Test
  void aHashOfEverythingThatAWorkspaceReturnedIsStillRecognised() throws IOException {
    ObjectNode settings = job("created");
    ObjectNode cluster = ((ObjectNode) settings.at("/tasks/0")).putObject("new_cluster");
    cluster.put("instance_pool_id", "pool-1").put("node_type_id", "i3.xlarge");
    String then = IdempotencyToken.sha256(SettingsJson.canonical(settings));

    assertThat(SettingsJson.hash(settings)).isNotEqualTo(then);
    assertThat(SettingsJson.is(settings, then)).isTrue();
  }

  private static ObjectNode job(String made) throws IOException {
    String name = "job-" + made + "-before-tags-of-all-clouds.json";
    try (InputStream file = JobsOfBeforeTest.class.getResourceAsStream(name)) {
      JsonNode json = JsonMapper.builder().build().readTree(Objects.requireNonNull(file, name));
      return (ObjectNode) json;
    }
  }
}
