package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.job.JobRestoreOrder;
import dev.portage.job.JobState;
import dev.portage.live.LiveState;
import dev.portage.release.Release;
import dev.portage.rollback.RollbackView;
import dev.portage.settings.Work;
import dev.portage.step.CourseView.State;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A rollback of a job whose settings are a team's file: it has them from the release's own record,
 * and needs neither the file nor its commit.
 */
@Tag("S1.12")
class JobFileRollbackTest extends RollbackScene {

  private static final String FILE =
      """
      {"max_concurrent_runs": NUMBER,
       "parameters": [{"name": "uri", "default": "{model_uri}"}, {"name": "out", "default": "{table}"},
         {"name": "batch", "default": "{batch_id}"}, {"name": "by", "default": "{promotion_id}"}],
       "tasks": [{"task_key": "score", "notebook_task": {"notebook_path": "notebooks/score",
         "source": "GIT"}}]}
      """;

  @Test
  void theJobGetsTheSettingsThatItsReleaseHasStored() {
    JobState first = releasedWith(PromotionEngine.COMMIT, "2");
    Release release = world.records.values().iterator().next();
    releasedWith(PromotionEngine.OTHER_COMMIT, "3");

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).isEqualTo(State.DONE);
    JobRestoreOrder order = world.jobs.restored.getFirst();
    LiveState batch = Objects.requireNonNull(release.live()).getFirst();
    assertThat(order.settings()).isEqualTo(batch.settings()).isNotNull();
    assertThat(order.hash()).isEqualTo(first.settingsHash());
    assertThat(order.jobId()).isEqualTo(7);
    assertThat(Objects.requireNonNull(world.jobs.job).settingsHash())
        .isEqualTo(first.settingsHash());
    assertThat(world.jobs.job.modelVersion()).isEqualTo("1");
    assertThat(world.registry.marks).containsEntry("prod/champion", "1");
  }

  @Test
  void aJobThatWasDeletedByHandIsCreatedAgainWithThem() {
    releasedWith(PromotionEngine.COMMIT, "2");
    releasedWith(PromotionEngine.OTHER_COMMIT, "3");
    world.jobs.job = null;

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).isEqualTo(State.DONE);
    assertThat(Objects.requireNonNull(world.jobs.job).modelVersion()).isEqualTo("1");
    assertThat(world.jobs.restored.getFirst().settings()).isNotNull();
    assertThat(line(view, "batch")).contains("job 8");
  }

  /** Releases with such a job, and returns the job as it is then. */
  private JobState releasedWith(String commit, String number) {
    world.scores =
        new Work.Defined(
            "jobs/score.json", FILE.replace("NUMBER", number), Duration.ofHours(2), null);
    release(List.of(commit));
    Work.Defined given = (Work.Defined) Objects.requireNonNull(world.jobs.scored.getLast().work());
    assertThat(given.read().path("max_concurrent_runs").asText()).isEqualTo(number);
    return Objects.requireNonNull(world.jobs.job);
  }
}
