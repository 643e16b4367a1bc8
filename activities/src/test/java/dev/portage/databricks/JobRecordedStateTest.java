package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.job.JobChange;
import dev.portage.job.JobRestoreOrder;
import dev.portage.job.RestoredJob;
import dev.portage.live.SettingsRef;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A scoring job is put into the state that a release recorded, whatever became of it since. */
class JobRecordedStateTest extends JobsWorld {
  private static final String CREATE = "POST /api/2.2/jobs/create";

  @Test
  @Tag("S1.12")
  void aChangeTellsWhereTheSettingsBeforeAndSinceAreStored() {
    jobs.applyJob(first());
    JobChange change = jobs.applyJob(second());

    SettingsRef since = Objects.requireNonNull(change.settings());
    assertThat(undoStore.kept.get(since.uri())).contains("\"model_version\":\"2\"");
    assertThat(IdempotencyToken.sha256(String.valueOf(undoStore.kept.get(since.uri()))))
        .isEqualTo(since.sha256());
    SettingsRef before = Objects.requireNonNull(change.before());
    assertThat(before.uri()).isEqualTo(change.undoUri());
    assertThat(undoStore.kept.get(before.uri())).contains("\"model_version\":\"1\"");

    JobChange again = jobs.applyJob(second());
    assertThat(again.before()).isEqualTo(before);
  }

  @Test
  @Tag("S1.12")
  void aJobGetsTheSettingsOfItsReleaseBackAndARepeatChangesNothing() {
    JobChange release = jobs.applyJob(first());
    jobs.applyJob(second());
    there.only().put("max_concurrent_runs", 7);

    RestoredJob restored = jobs.restoreJob(order(release));

    assertThat(restored.outcome()).isEqualTo(RestoredJob.Outcome.RESTORED);
    assertThat(Objects.requireNonNull(restored.now()).modelVersion()).isEqualTo("1");
    assertThat(there.only().path("max_concurrent_runs").asInt()).isEqualTo(1);
    assertThat(jobs.restoreJob(order(release)).outcome()).isEqualTo(RestoredJob.Outcome.UNCHANGED);
  }

  @Test
  @Tag("S1.12")
  void aJobThatWasEditedByHandCanBePutBackAfterIt() {
    JobChange release = jobs.applyJob(first());
    jobs.applyJob(second());
    there.only().put("max_concurrent_runs", 7);
    JsonNode edited = JobPause.resumed(there.only());

    RestoredJob restored = jobs.restoreJob(order(release));
    SettingsRef before = Objects.requireNonNull(restored.before());
    jobs.restoreJob(order(release, before));

    assertThat(there.only()).isEqualTo(edited);
    assertThat(jobs.restoreJob(order(release, before)).before()).as("nothing replaced").isNull();
  }

  @Test
  @Tag("S1.12")
  void settingsThatAreReplacedTwiceCanBePutBackByWhatWasToldTheFirstTime() {
    JobChange release = jobs.applyJob(first());
    jobs.applyJob(second());
    there.only().put("max_concurrent_runs", 7);
    JsonNode edited = JobPause.resumed(there.only());
    SettingsRef paused = Objects.requireNonNull(jobs.restoreJob(order(release)).before());
    jobs.restoreJob(order(release, paused));

    SettingsRef resumed = Objects.requireNonNull(jobs.restoreJob(order(release)).before());

    assertThat(resumed).as("one meaning, one text").isEqualTo(paused);
    jobs.restoreJob(order(release, paused));
    assertThat(there.only()).isEqualTo(edited);
  }

  @Test
  @Tag("S1.12")
  void whatAnAttemptWithoutAnAnswerReplacedCanBePutBack() {
    JobChange release = jobs.applyJob(first());
    jobs.applyJob(second());
    there.only().put("max_concurrent_runs", 7);
    JsonNode edited = JobPause.resumed(there.only());
    jobs.restoreJob(order(release));
    // The worker died before it answered: the next attempt finds nothing to do.
    assertThat(attempt(2).restoreJob(order(release)).before()).isNull();

    jobs.restoreJob(putBack(release, SettingsJson.hash(edited), "rollback/dev/churn/1"));

    assertThat(there.only()).isEqualTo(edited);
    assertThatThrownBy(() ->
            jobs.restoreJob(putBack(release, SettingsJson.hash(edited), "rollback/dev/churn/2")))
        .as("by another rollback, which has not replaced them")
        .hasMessageContaining("its settings were not recorded");
  }

  private static JobRestoreOrder putBack(JobChange release, String found, String by) {
    return new JobRestoreOrder(
        "dev", release.now().name(), "churn", release.now().jobId(), found, null, by, null);
  }

  @Test
  @Tag("S1.12")
  void aJobThatSomebodyDeletedIsCreatedAgain() {
    JobChange release = jobs.applyJob(first());
    there.settings.clear();

    RestoredJob restored = jobs.restoreJob(order(release));

    assertThat(restored.outcome()).isEqualTo(RestoredJob.Outcome.CREATED_AGAIN);
    assertThat(restored.text()).contains("was created again, since job " + release.now().jobId());
    assertThat(there.settings).hasSize(1);
  }

  @Test
  void anAttemptThatGotNoAnswerLeavesOneJobWithItsSchedule() {
    JobChange release = jobs.applyJob(first());
    there.settings.clear();
    workspace.on(
        CREATE,
        call -> {
          // The earlier attempt's call is carried out just before this one.
          there.add(call.body());
          return FakeWorkspace.json(200, "{\"job_id\": " + there.add(call.body()) + "}");
        });

    RestoredJob restored = attempt(2).restoreJob(order(release));

    assertThat(restored.outcome()).isEqualTo(RestoredJob.Outcome.CREATED_AGAIN);
    assertThat(there.settings).containsOnlyKeys(102L);
    assertThat(there.only().at("/schedule/pause_status").asText()).isEqualTo("UNPAUSED");
    JsonNode created = workspace.calls(CREATE).getLast().body();
    assertThat(created.at("/schedule/pause_status").asText()).isEqualTo("PAUSED");
    assertThat(created.path("tags").has("portage_twin_until")).isTrue();
    assertThat(there.only().path("tags")).isEqualTo(tagsOf(release));
    assertThat(attempt(3).restoreJob(order(release)).outcome())
        .isEqualTo(RestoredJob.Outcome.UNCHANGED);
  }

  @Test
  void aJobWhoseCreationGotNoAnswerGetsItsLastingSettings() {
    JobChange release = jobs.applyJob(first());
    there.settings.clear();
    workspace.on(
        CREATE,
        call -> {
          there.add(call.body());
          return FakeWorkspace.refusal(400, "INVALID_STATE", "the answer is lost");
        });
    assertThatThrownBy(() -> jobs.restoreJob(order(release))).hasMessageContaining("lost");

    RestoredJob restored = attempt(2).restoreJob(order(release));

    assertThat(restored.outcome()).isEqualTo(RestoredJob.Outcome.CREATED_AGAIN);
    assertThat(workspace.calls(CREATE)).hasSize(2);
    assertThat(there.only().path("tags")).isEqualTo(tagsOf(release));
    assertThat(there.only().at("/schedule/pause_status").asText()).isEqualTo("UNPAUSED");
  }

  private DatabricksJobs attempt(int number) {
    return new DatabricksJobs(
        workspace.clients(),
        undoStore,
        new FakeWait(),
        new FakeMadeBefore().attempt(number, Duration.ofSeconds(10)));
  }

  private JsonNode tagsOf(JobChange release) {
    String uri = Objects.requireNonNull(release.settings()).uri();
    try {
      return SettingsJson.parse(Objects.requireNonNull(undoStore.kept.get(uri))).path("tags");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void codeThatCannotBeReadFailsNoChangeThatWasMade() {
    JobChange release = jobs.applyJob(first());
    ObjectNode wanted = there.only().deepCopy();
    ((ObjectNode) wanted.path("tasks").path(0))
        .putObject("notebook_task")
        .put("notebook_path", "/Shared/score");
    String text = SettingsJson.canonical(wanted);
    undoStore.kept.put("runs:/x/job.json", text);
    jobs.applyJob(second());
    workspace.on(
        "GET /api/2.0/workspace/export",
        _ -> FakeWorkspace.refusal(503, "TEMPORARILY_UNAVAILABLE", "later"));

    RestoredJob restored =
        jobs.restoreJob(
            order(release, new SettingsRef("runs:/x/job.json", IdempotencyToken.sha256(text))));

    assertThat(restored.outcome()).isEqualTo(RestoredJob.Outcome.RESTORED);
    assertThat(Objects.requireNonNull(restored.now()).code()).isNull();
  }

  @Test
  void settingsThatAreNotWhatWasStoredAreRefusedAndNothingChanges() {
    JobChange release = jobs.applyJob(first());
    jobs.applyJob(second());
    SettingsRef stored = Objects.requireNonNull(release.settings());
    undoStore.kept.put(stored.uri(), "{\"name\":\"other\"}");

    assertThatThrownBy(() -> jobs.restoreJob(order(release)))
        .hasMessageContaining("is not what was stored there");
    assertThatThrownBy(() -> jobs.restoreJob(order(release, null)))
        .hasMessageContaining("its settings were not recorded");
    assertThat(there.only().toString()).contains("\"model_version\":\"2\"");
  }

  private static JobRestoreOrder order(JobChange release) {
    return order(release, release.settings());
  }

  private static JobRestoreOrder order(JobChange release, @Nullable SettingsRef settings) {
    return new JobRestoreOrder(
        "dev",
        release.now().name(),
        "churn",
        release.now().jobId(),
        release.now().settingsHash(),
        settings,
        "rollback/dev/churn/1",
        null);
  }
}
