package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.job.JobChange;
import dev.portage.job.JobChange.Effect;
import dev.portage.job.JobDuplicates;
import dev.portage.job.JobState;
import dev.portage.job.JobUndo;
import dev.portage.job.UndoResult;
import dev.portage.job.UndoResult.Outcome;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BatchJobsTest extends JobsWorld {
  private static final String CREATE = "POST /api/2.2/jobs/create";

  @Test
  @Tag("S1.27")
  void theFirstPromotionCreatesTheJobAtItsCommitWithItsVersion() {
    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));

    assertThat(change.effect()).isEqualTo(Effect.CREATED);
    assertThat(change.undoUri()).isNull();
    assertThat(change.previousHash()).isNull();
    assertThat(change.now().modelVersion()).isEqualTo("1");
    assertThat(change.now().commit()).isEqualTo(Orders.COMMIT);
    assertThat(change.now().page()).hasToString(workspace.address() + "jobs/101");
    JsonNode job = there.only();
    assertThat(job.at("/git_source/git_commit").asText()).isEqualTo(Orders.COMMIT);
    assertThat(job.at("/schedule/quartz_cron_expression").asText()).isEqualTo("0 0 6 * * ?");
    assertThat(job.at("/schedule/timezone_id").asText()).isEqualTo("Europe/Berlin");
    assertThat(job.at("/queue/enabled").asBoolean()).isTrue();
    assertThat(job.at("/max_concurrent_runs").asInt()).isEqualTo(1);
    assertThat(job.at("/tags/portage_model").asText()).isEqualTo("churn");
    assertThat(job.at("/tasks/0/notebook_task/source").asText()).isEqualTo("GIT");
    JsonNode widgets = job.at("/tasks/0/notebook_task/base_parameters");
    assertThat(widgets.path("model_uri").asText()).isEqualTo("models:/churn/1");
    assertThat(widgets.path("table").asText()).isEqualTo("churn_predictions");
    assertThat(widgets.path("batch_id").asText()).isEqualTo("{{job.run_id}}");
    // A run of the schedule is no promotion's.
    assertThat(widgets.path("promotion_id").asText("none")).isEmpty();
    assertThat(change.now().promotion()).isEqualTo("promotion/churn/a");
    assertThat(widgets.path("data").asText()).isEqualTo("../data/churn.csv");
  }

  @Test
  @Tag("S1.10")
  void manyPromotionsLeaveOneJobWithTheDefinitionOfTheLast() {
    for (int version = 1; version <= 5; version++) {
      jobs.applyJob(Orders.scoring("promotion/churn/" + version, "" + version));
    }

    assertThat(there.only().at("/tasks/0/notebook_task/base_parameters/model_version").asText())
        .isEqualTo("5");
    assertThat(jobs.findJob(QUERY)).get().extracting(JobState::modelVersion).isEqualTo("5");
  }

  @Test
  @Tag("S1.10")
  void aLostResponseToACreateMakesNoSecondJob() {
    workspace.on(
        CREATE,
        call -> {
          there.add(call.body());
          return new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
        });

    assertThatThrownBy(() -> jobs.applyJob(Orders.scoring("promotion/churn/a", "1")))
        .hasMessageContaining("create job churn-batch");
    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));

    assertThat(change.effect()).isEqualTo(Effect.CREATED);
    assertThat(change.now().jobId()).isEqualTo(101);
    assertThat(there.settings).hasSize(1);
    assertThat(workspace.calls(RESET)).isEmpty();
  }

  @Test
  void aLostResponseToAResetStillLeavesAnUndo() {
    jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));
    JobState before = jobs.findJob(QUERY).orElseThrow();
    AtomicBoolean loses = new AtomicBoolean(true);
    workspace.on(
        RESET,
        call -> {
          MockResponse answer = there.reset(call);
          return loses.getAndSet(false)
              ? new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build()
              : answer;
        });

    assertThatThrownBy(() -> jobs.applyJob(Orders.scoring("promotion/churn/b", "2")))
        .hasMessageContaining("reset job churn-batch");
    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/b", "2"));

    assertThat(change.effect()).isEqualTo(Effect.RESET);
    assertThat(change.previousHash()).isEqualTo(before.settingsHash());
    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.PUT_BACK);
    assertThat(jobs.findJob(QUERY)).hasValue(before);
  }

  @Test
  void aSecondJobOfTheSamePromotionIsRemovedAndTheLowestStays() {
    jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));
    there.add(there.only());

    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));

    assertThat(change.now().jobId()).isEqualTo(101);
    assertThat(there.settings).containsOnlyKeys(101L);
  }

  @Test
  void aJobThatIsNotListedYetIsKnownByItsId() {
    there.listIsBehind = true;

    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));

    assertThat(change.effect()).isEqualTo(Effect.CREATED);
    assertThat(change.now().jobId()).isEqualTo(101);
    assertThat(there.settings).hasSize(1);
  }

  @Test
  void aJobThatAppearsLateIsDeletedAndTheOneThatRanIsKept() {
    DatabricksJobs second =
        new DatabricksJobs(
            workspace.clients(),
            undoStore,
            new FakeWait(),
            new FakeMadeBefore().attempt(2, Duration.ofSeconds(30)));
    JobChange change = second.applyJob(Orders.scoring("promotion/churn/a", "1"));
    there.add(there.only());
    ObjectNode later = there.job(101).deepCopy();
    later.withObjectProperty("tags").put("portage_promotion", "promotion/churn/b");
    there.add(later);

    DuplicatesRemoved settled = second.removeJobTwins(twins(change.now().jobId()));

    assertThat(settled.removed()).singleElement().asString().startsWith("job 102 (churn-batch)");
    assertThat(settled.mayCome()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
    assertThat(there.settings).containsOnlyKeys(101L, 103L);
  }

  @Test
  void aJobThatAppearsAfterItsDuplicateWasUndoneIsDeletedToo() {
    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));
    ObjectNode late = there.only().deepCopy();
    jobs.undoJob(new JobUndo("dev", change));
    there.add(late);

    jobs.removeJobTwins(twins(change.now().jobId()));

    assertThat(there.settings).isEmpty();
  }

  @Test
  void onlyTheJobOfAnUnansweredChangeIsDeletedHoweverLateItAppears() {
    jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));
    ObjectNode late = there.only().deepCopy();
    ObjectNode next = late.deepCopy();
    next.withObjectProperty("tags").put("portage_key", "promotion/churn/a/batch/2");
    long ofTheNextChange = there.add(next);
    ObjectNode reset = late.deepCopy();
    reset.withObjectProperty("tags").put("portage_before", "0".repeat(64));
    long thereBefore = there.add(reset);

    DuplicatesRemoved settled = jobs.removeJobTwins(twins(null));

    assertThat(settled.removed()).singleElement().asString().startsWith("job 101 (churn-batch)");
    assertThat(there.settings).containsOnlyKeys(ofTheNextChange, thereBefore);
  }

  private static JobDuplicates twins(@Nullable Long jobId) {
    return new JobDuplicates(
        "dev",
        "churn-batch",
        "churn",
        "promotion/churn/a",
        "promotion/churn/a/batch/1",
        jobId,
        null);
  }

  @Test
  void aRepeatReturnsTheSameAndChangesNothing() {
    jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));
    JobChange first = jobs.applyJob(Orders.scoring("promotion/churn/b", "2"));

    JobChange second = jobs.applyJob(Orders.scoring("promotion/churn/b", "2"));

    assertThat(second).isEqualTo(first);
    assertThat(workspace.calls(RESET)).hasSize(1);
  }

  @Test
  void manualChangesInBetweenAreOverwritten() {
    jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));
    JobChange first = jobs.applyJob(Orders.scoring("promotion/churn/b", "2"));
    ((ObjectNode) there.only().at("/tasks/0/notebook_task/base_parameters"))
        .put("model_version", "1");

    JobChange second = jobs.applyJob(Orders.scoring("promotion/churn/b", "2"));

    assertThat(second).isEqualTo(first);
  }

  @Test
  void aScheduleThatIsNoLongerWantedIsRemoved() {
    jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));

    jobs.applyJob(Orders.withoutSchedule(Orders.scoring("promotion/churn/b", "2")));

    assertThat(there.only().has("schedule")).isFalse();
  }

  @Test
  void aJobOfSomeoneElseIsLeftAloneAndReported() {
    there.add(named("churn-batch"));

    assertThatThrownBy(() -> jobs.applyJob(Orders.scoring("promotion/churn/a", "1")))
        .hasMessageContaining("job 101 has that name but lacks the tag portage_model")
        .hasMessageContaining("portage adopt churn --workspace dev --job churn-batch");
    assertThatThrownBy(() -> jobs.findJob(QUERY)).hasMessageContaining("job 101");
    assertThat(workspace.calls(CREATE)).isEmpty();
    assertThat(workspace.calls(RESET)).isEmpty();
  }

  @Test
  void aJobOfAnotherModelIsLeftAloneAndReported() {
    ObjectNode other = named("churn-batch");
    other.putObject("tags").put("portage_model", "credit");
    there.add(other);

    assertThatThrownBy(() -> jobs.findJob(QUERY))
        .hasMessageContaining("job 101 has that name but belongs to model credit");
  }

  @Test
  void ourJobIsFoundAmongOthersOnALaterPage() {
    jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));
    there.add(named("something else"));
    there.add(named("Churn-Batch"));
    there.add(named("churn-batch"));
    there.add(named("yet another"));

    assertThat(jobs.findJob(QUERY)).get().extracting(JobState::jobId).isEqualTo(101L);
  }

  @Test
  void findsNoJobWhereThereIsNone() {
    assertThat(jobs.findJob(QUERY)).isEmpty();
  }

  @Test
  void deletingACreatedJobIsRepeatable() {
    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));

    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.PUT_BACK);
    assertThat(there.settings).isEmpty();
    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.NOTHING_TO_DO);
  }

  @Test
  void restoringAResetJobRestoresEveryFieldAndIsRepeatable() {
    jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));
    there.only().put("a_field_by_hand", "A_WORD_THAT_THE_SDK_DOES_NOT_KNOW");
    JsonNode before = there.only().deepCopy();
    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/b", "2"));
    assertThat(there.only().has("a_field_by_hand")).isFalse();

    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.PUT_BACK);

    assertThat(SettingsJson.canonical(there.only())).isEqualTo(SettingsJson.canonical(before));
    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.NOTHING_TO_DO);
  }

  @Test
  void whatWasRestoredIsReadBackAndReported() {
    jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));
    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/b", "2"));

    assertThat(jobs.undoJob(new JobUndo("dev", change)).text())
        .isEqualTo(
            "job churn-batch (101) has its previous settings again, and scores with version 1; what starts it is paused, as before");
  }

  @Test
  void aWorkspaceThatClaimsToRestoreAndDoesNotIsCaught() {
    jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));
    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/b", "2"));
    workspace.on(RESET, call -> FakeWorkspace.json(200, "{}"));

    UndoResult undone = jobs.undoJob(new JobUndo("dev", change));

    assertThat(undone.outcome()).isEqualTo(Outcome.CHANGED_SINCE);
    assertThat(undone.text())
        .contains("differs from before")
        .endsWith("and scores with version 2; what starts it is paused, as before");
  }

  @Test
  void aJobRecordsItsPreviousSettingsForAChangeWhoseResponseWasLost() {
    jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));
    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/b", "2"));

    assertThat(jobs.findJob(QUERY).flatMap(JobState::change)).hasValue(change.with(null, null));
  }

  @Test
  void aJobThatSomeoneChangedSinceIsLeftToAPerson() {
    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));
    there.only().put("description", "mine now");

    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.CHANGED_SINCE);
    assertThat(there.only().path("description").asText()).isEqualTo("mine now");
  }

  @Test
  void aResetJobThatSomeoneDeletedSinceIsLeftToAPerson() {
    jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));
    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/b", "2"));
    there.settings.clear();

    assertThat(jobs.undoJob(new JobUndo("dev", change)).outcome()).isEqualTo(Outcome.CHANGED_SINCE);
  }

  @Test
  void settingsThatWereTamperedWithAreNotRestored() {
    jobs.applyJob(Orders.scoring("promotion/churn/a", "1"));
    JobChange change = jobs.applyJob(Orders.scoring("promotion/churn/b", "2"));
    undoStore.kept.replaceAll((_, json) -> json.replace("churn_predictions", "elsewhere"));

    assertThatThrownBy(() -> jobs.undoJob(new JobUndo("dev", change)))
        .hasMessageContaining("is not what was stored there");
    assertThat(there.only().at("/tasks/0/notebook_task/base_parameters/model_version").asText())
        .isEqualTo("2");
  }

  private static ObjectNode named(String name) {
    return JsonNodeFactory.instance.objectNode().put("name", name);
  }
}
