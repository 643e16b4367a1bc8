package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.OTHER_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.history.HistoryKind;
import dev.portage.job.JobState;
import dev.portage.quarantine.Quarantined;
import dev.portage.registry.Tags;
import dev.portage.rollback.RollbackView;
import dev.portage.step.CourseView.State;
import dev.portage.step.StepView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is restored by going back to an earlier release, with workspaces in memory. */
class RollbackTest extends RollbackScene {

  @Test
  void everythingIsAsTheReleaseBeforeWasInOneTurn() {
    released(2);
    long before = world.effects.size();

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).isEqualTo(State.DONE);
    assertThat(view.says()).isEqualTo("version 2 → version 1 in prod");
    assertThat(view.unfinished()).isEmpty();
    assertThat(view.steps())
        .as(view.toString())
        .allSatisfy(step -> assertThat(step.state()).isEqualTo(StepView.State.DONE))
        .extracting(StepView::name)
        .containsExactly(
            "look",
            "turn",
            "batch",
            "champion",
            "record",
            "quarantine",
            "label",
            "predictions",
            "origin");
    List<String> done = world.effects.stream().skip(before).toList();
    assertThat(done)
        .containsSubsequence(
            "number the turn of " + ID,
            "restore job 7",
            "mark prod champion",
            "quarantine version 2",
            "label prod/1",
            "label prod/2",
            "remove batch in prod",
            "mark dev Production");
    assertThat(world.registry.marks).containsEntry("prod/champion", "1");
    assertThat(world.registry.tagsOf("prod", "1")).containsEntry(Tags.RELEASE, Tags.LIVE);
    assertThat(world.registry.tagsOf("prod", "2")).containsEntry(Tags.RELEASE, Tags.SUPERSEDED);
  }

  @Test
  void itIsRecordedWithWhatWasThereAndWhoAndWhy() {
    released(2);

    toTheReleaseBefore();

    assertThat(world.log)
        .last()
        .satisfies(event -> {
          assertThat(event.kind()).isEqualTo(HistoryKind.ROLLBACK);
          assertThat(event.by()).isEqualTo("rui@example.com");
          assertThat(event.reason()).isEqualTo("it doubles");
          assertThat(event.workflow()).isEqualTo(ID);
          var release = Objects.requireNonNull(event.release());
          assertThat(release.version()).isEqualTo("1");
          assertThat(release.previousVersion()).isEqualTo("2");
          assertThat(release.live()).hasSize(2);
          assertThat(release.before()).hasSize(2);
        });
    assertThat(world.clearance.entries)
        .singleElement()
        .extracting(Quarantined::version, Quarantined::commit, Quarantined::reason)
        .containsExactly("2", OTHER_COMMIT, "it doubles");
  }

  @Test
  void theLiveVersionIsPutBackAndIsNotLeft() {
    released(2);
    JobState live = Objects.requireNonNull(world.jobs.job);
    world.jobs.job =
        JobState.of(live.jobId(), live.name(), "edited by hand")
            .scores("3", live.commit())
            .madeBy("promotion/diabetes/terminated", live.settingsHash(), null)
            .build();

    RollbackView view = start(ID, FakeRollbacks.order("2")).getResult(RollbackView.class);

    assertThat(view.state()).as(view.toString()).isEqualTo(State.DONE);
    assertThat(world.jobs.job).isEqualTo(live);
    assertThat(world.clearance.entries).isEmpty();
    assertThat(world.scoring.removedBatches).isEmpty();
    assertThat(world.registry.tagsOf("prod", "2")).containsEntry(Tags.RELEASE, Tags.LIVE);
    assertThat(Objects.requireNonNull(view.plan()).remarks())
        .anyMatch(remark -> remark.contains("version 2 is live and stays so"))
        .noneMatch(remark -> remark.contains("portage lift"));
  }

  @Test
  void aJobThatWasPausedUntilItsReleaseIsRestoredAsItWasOnceResumed() {
    world.jobs.resumes = "UNPAUSED";
    released(1);
    JobState first = Objects.requireNonNull(world.jobs.job);
    assertThat(first.resumes()).isNull();
    releasedNext();

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).as(view.toString()).isEqualTo(State.DONE);
    assertThat(world.jobs.job).isEqualTo(first);
    assertThat(refused(FakeRollbacks.order("1")))
        .contains("version 1 is live there already, and all is as it was released");
  }

  @Test
  void aRestoredJobWhoseAnswerWasLostCountsThoughItsResetHadPausedIt() {
    world.jobs.resumes = "UNPAUSED";
    released(2);
    world.failNext("answer of restoreJob", FakeWorld.userFault("connection reset"));

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).isEqualTo(State.DONE);
    assertThat(view.notices()).anyMatch(notice -> notice.contains("batch was restored"));
  }

  @Test
  void aMoveWhoseAnswerWasLostCounts() {
    released(2);
    world.failNext("answer of mark", FakeWorld.userFault("connection reset"));

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).isEqualTo(State.DONE);
    assertThat(view.notices()).anyMatch(notice -> notice.contains("champion was restored"));
  }

  @Test
  void aMoveThatArrivesAfterTheFirstLookCounts() {
    released(2);
    world.failNext("mark prod champion", FakeWorld.platformFault("no answer"));
    world.failNext("mark prod champion", FakeWorld.userFault("you may not move it"));
    world.registry.movesLate("1");

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).as(view.toString()).isEqualTo(State.DONE);
    assertThat(world.count("restore job")).as("never put back").isEqualTo(1);
    assertThat(view.notices()).anyMatch(notice -> notice.contains("champion was restored"));
  }

  @Test
  void aJobThatWasCreatedAgainIsRecordedWithItsNewId() {
    released(2);
    world.jobs.job = null;

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).as(view.toString()).isEqualTo(State.DONE);
    var release = Objects.requireNonNull(world.log.getLast().release());
    assertThat(release.jobId()).isEqualTo(8);
    assertThat(Objects.requireNonNull(release.live()).getFirst())
        .satisfies(job -> {
          assertThat(job.value("id")).isEqualTo("8");
          assertThat(job.settings()).isNotNull();
        });
    assertThat(refused(FakeRollbacks.order("1")))
        .contains("version 1 is live there already, and all is as it was released");
  }

  @Test
  void aSecondJobOfACallWithoutAResponseIsLookedForAtTheEnd() {
    released(2);
    world.jobs.job = null;
    world.jobs.mayCome = Duration.ofSeconds(60);
    world.planTwins("job in prod", DuplicatesRemoved.nothing());
    world.planTwins(
        "job in prod",
        new DuplicatesRemoved(
            List.of("job 9 (nightly) in prod existed twice, and was removed"), null));

    RollbackView view = toTheReleaseBefore();

    assertThat(view.state()).as(view.toString()).isEqualTo(State.DONE);
    assertThat(view.notices()).anyMatch(notice -> notice.contains("job 9 (nightly) in prod"));
  }

  /** The settings before are stored by a call that creates a run, as any. */
  @Test
  void aSecondCopyOfTheStoredSettingsIsLookedForWhereACallHadNoResponse() {
    released(2);
    world.jobs.mayCome = Duration.ofSeconds(60);

    assertThat(toTheReleaseBefore().state()).isEqualTo(State.DONE);

    assertThat(world.looks).contains("second of runs:/before/hash-2");
  }

  @Test
  void aPlanSaysWhatWouldBeDoneAndChangesNothing() {
    released(2);
    long before = changes();

    RollbackView view =
        start(
                "preflight/rollback/diabetes/1",
                Map.of("model", "diabetes", "by", "rui@example.com", "dryRun", true))
            .getResult(RollbackView.class);

    var plan = Objects.requireNonNull(view.plan());
    assertThat(plan.rollback()).isEqualTo(ID);
    assertThat(plan.line()).isEqualTo("version 2 → version 1");
    assertThat(plan.actions())
        .extracting(action -> action.what() + ": " + action.now() + " → " + action.then())
        .contains("champion in prod: version 2 → version 1");
    assertThat(plan.remarks()).anyMatch(remark -> remark.contains("portage lift diabetes v2"));
    assertThat(changes()).isEqualTo(before);
  }
}
