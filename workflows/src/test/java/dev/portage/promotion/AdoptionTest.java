package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portage.adopt.AdoptPlan;
import dev.portage.adopt.AdoptStart;
import dev.portage.adopt.AdoptView;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Receipt;
import dev.portage.freeze.FreezeOrder;
import dev.portage.history.HistoryEvent;
import dev.portage.history.HistoryKind;
import dev.portage.lane.TurnRequest;
import dev.portage.live.LiveState;
import dev.portage.plan.Action;
import dev.portage.quarantine.Quarantined;
import dev.portage.registry.Tags;
import dev.portage.release.Release;
import dev.portage.step.CourseView;
import dev.portage.step.StepView;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is live already becomes the first release. */
@Execution(ExecutionMode.CONCURRENT)
class AdoptionTest extends AdoptionScene {

  private static final String ID = "adopt/prod/diabetes";

  @Test
  void aFreezeHoldsUpNoAdoptionOfWhatIsMarkedAlready() {
    live("3");
    freeze();
    assertThat(result(start(null, "nightly")).state()).isEqualTo(CourseView.State.DONE);
  }

  @Test
  void aFreezeRefusesAnAdoptionThatWouldMarkTheChampion() {
    version("4", Map.of());
    freeze();
    assertRefused(
        start("4", null),
        "no version is alias champion yet, so the adoption would change it; prod is frozen until");
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
  }

  @Test
  void aQuarantineRefusesAnAdoptionThatWouldMarkTheChampion() {
    version("4", Map.of(Tags.DIGEST, FakeWorld.DIGEST));
    world.clearance.quarantine(
        Quarantined.of(
                "prod",
                "diabetes",
                FakeWorld.DIGEST,
                Quarantined.Why.ROLLED_BACK,
                "rollback/prod/diabetes/1",
                "ops@example.com",
                Instant.EPOCH)
            .version("4")
            .build());
    assertRefused(start("4", null), "it is in quarantine: " + FakeWorld.DIGEST.substring(0, 12));
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
  }

  @Test
  void aFreezeThatBeginsWhileAnAdoptionWaitsForTheTurnIsHeededBeforeTheMark()
      throws InterruptedException {
    version("4", Map.of());
    FaultyWorld.Hold hold = world.hold("number the turn of " + ID);
    WorkflowStub adoption = start("4", null);
    hold.awaitReached();
    freeze();
    hold.release();
    AdoptView stopped = untilStopped(adoption);
    assertThat(stopped.says()).contains("prod is frozen until");
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
    assertThat(engine.lane("prod").holder()).isNull();

    world.clearance.freezes.clear();
    adoption.update(
        "resume", Receipt.class, new DecisionMessage(null, "ana@example.com", null, null, null));
    assertThat(result(adoption).state()).isEqualTo(CourseView.State.DONE);
    assertThat(world.registry.marks).containsEntry("prod/champion", "4");
  }

  private void freeze() {
    world.clearance.freeze(
        new FreezeOrder(
            "f-1",
            "prod",
            Instant.parse("2999-01-01T00:00:00Z"),
            "ops@example.com",
            "year end",
            Instant.EPOCH));
  }

  @Test
  void theChampionAndItsJobBecomeTheFirstRelease() {
    live("3");
    AdoptView view = result(start(null, "nightly"));

    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(view.says())
        .isEqualTo("version 3 of diabetes is recorded as the release that is live in prod");
    Release release = Objects.requireNonNull(view.release());
    assertThat(release.promotion()).isEqualTo(ID);
    assertThat(release.version()).isEqualTo("3");
    assertThat(release.digest()).isEqualTo(FakeWorld.DIGEST);
    assertThat(release.jobId()).isEqualTo(11);
    assertThat(release.jobRunsAs()).isEqualTo("scoring@example.com");
    assertThat(release.turn()).isEqualTo(1);
    assertThat(release.live())
        .as("what a rollback restores")
        .extracting(LiveState::thing, LiveState::version)
        .containsExactly(
            tuple("batch", Objects.requireNonNull(release.live()).getFirst().version()),
            tuple("champion", "3"));
    assertThat(Objects.requireNonNull(release.live()).getFirst().value("id")).isEqualTo("11");
    assertThat(world.records.get("run-9")).isEqualTo(release);
    assertThat(world.registry.tagsOf("prod", "3"))
        .containsEntry(Tags.RELEASE, Tags.LIVE)
        .containsEntry(Tags.DIGEST, FakeWorld.DIGEST)
        .containsKey(Tags.MANIFEST);
    assertThat(world.log)
        .extracting(HistoryEvent::kind, HistoryEvent::by, HistoryEvent::name, HistoryEvent::release)
        .containsExactly(tuple(HistoryKind.ADOPTION, "ana@example.com", "diabetes", release));
    assertThat(world.count("tag job 11 as diabetes")).isEqualTo(1);
    assertThat(world.count("mark")).as("what readers get stays").isZero();
    assertThat(engine.lane("prod").holder()).isNull();
    assertThat(view.course().steps())
        .extracting(StepView::name, StepView::state)
        .containsExactly(
            tuple("look", StepView.State.DONE),
            tuple("digest", StepView.State.DONE),
            tuple("turn", StepView.State.DONE),
            tuple("record", StepView.State.DONE));
  }

  @Test
  void aDryRunShowsWhatWouldBeRecordedAndChangesNothing() {
    live("3");
    AdoptStart look =
        new AdoptStart(
            "diabetes", "prod", null, Map.of("batch", "nightly"), true, "ana@example.com");
    AdoptView view = result(start(look));

    AdoptPlan plan = Objects.requireNonNull(view.plan());
    assertThat(plan.actions())
        .extracting(Action::what, Action::now, Action::then)
        .containsExactly(
            tuple(
                "digest of version 3",
                "unknown",
                "computed from 5 files, 4,096 bytes, and stored with the model"),
            tuple(
                "tags of job 11 (nightly)",
                "not Portage's",
                "the job of diabetes, for promotions and rollbacks to change"),
            tuple(
                "release of diabetes in prod",
                "none",
                "version 3, with job 11 (nightly), labelled live"));
    assertThat(view.release()).isNull();
    assertThat(view.says()).isEqualTo("dry run; nothing was changed");
    assertThat(world.effects)
        .allMatch(effect -> effect.startsWith("read "), "only reads, but " + world.effects);
    assertThat(look.of(plan).version()).as("what was shown is adopted").isEqualTo("3");
    assertThat(look.of(plan).workflowId()).isEqualTo(ID);
  }

  @Test
  void aTagWithoutARecordIsTakenBackBeforeTheTurnIsGivenBack() {
    live("3");
    world.refuse("label prod/3", FakeWorld.userFault("you may not set tags"));
    WorkflowStub adoption = start(null, "nightly");
    untilStopped(adoption);

    assertThat(world.effects).containsSubsequence("tag job 11 as diabetes", "untag job 11");
    assertThat(engine.adoption.tagged).isFalse();
    adoption.cancel();
  }

  @Test
  void adoptingTwiceSaysSo() {
    live("3");
    result(start(null, "nightly"));
    int written = world.log.size();

    AdoptView again = result(start(null, "nightly"));

    assertThat(again.state()).isEqualTo(CourseView.State.DONE);
    assertThat(again.says()).startsWith("version 3 is recorded already, adopted at ");
    assertThat(Objects.requireNonNull(again.plan()).actions()).isEmpty();
    assertThat(world.log).hasSize(written);
    assertThat(world.count("manifest")).isEqualTo(1);
  }

  @Test
  void withoutAChampionTheVersionIsNamedAndMarked() {
    version("4", Map.of());
    AdoptView view = result(start("4", null));

    assertThat(Objects.requireNonNull(view.plan()).actions())
        .extracting(Action::what, Action::now, Action::then)
        .contains(tuple("alias champion of diabetes", "no version", "version 4"));
    assertThat(Objects.requireNonNull(view.plan()).remarks())
        .anyMatch(remark -> remark.contains("no scoring job is recorded"));
    assertThat(world.registry.marks).containsEntry("prod/champion", "4");
    assertThat(world.registry.tagsOf("prod", "4")).containsEntry(Tags.RELEASE, Tags.LIVE);
  }

  @Test
  void withoutAChampionAndAVersionNothingIsAdopted() {
    version("4", Map.of());
    assertRefused(start(null, null), "no version champion");
    assertThat(world.log).isEmpty();
  }

  @Test
  void aVersionThatIsNotLiveIsRefused() {
    live("3");
    version("4", Map.of());
    assertRefused(start("4", null), "version 4 is not live there: alias champion is version 3");
  }

  @Test
  void aJobThatIsNotThereIsRefusedBeforeAnythingIsWritten() {
    live("3");
    assertRefused(start(null, "hourly"), "there is no job with that name");
    assertThat(world.count("manifest")).isZero();
  }

  @Test
  void whatAPromotionReleasedNeedsNoAdoption() {
    live("3");
    world.records.put(
        "run-9",
        Release.of("promotion/diabetes/abc", "prod", "diabetes", "3", "d", Instant.EPOCH).build());
    assertRefused(
        start(null, null),
        "version 3 was released by Portage already, by promotion/diabetes/abc at "
            + "1970-01-01T00:00:00Z");
  }

  @Test
  void aJobThatABundleDeploysIsRecordedButNotTagged() {
    live("3");
    engine.adoption.keeper = "deployed by a bundle, bundle.yml";
    AdoptView view = result(start(null, "nightly"));

    assertThat(Objects.requireNonNull(view.plan()).remarks())
        .anyMatch(remark -> remark.contains("job 11 (nightly) is deployed by a bundle"));
    assertThat(Objects.requireNonNull(view.plan()).actions())
        .extracting(Action::what)
        .noneMatch(what -> what.startsWith("tags of job"));
    assertThat(engine.adoption.tagged).isFalse();
    assertThat(Objects.requireNonNull(view.release()).jobId()).isEqualTo(11);
  }

  @Test
  void aFailureUnderTheTurnGivesItBackAndAResumeFinishesIt() {
    live("3");
    world.refuse("label prod/3", FakeWorld.userFault("you may not set tags"));
    WorkflowStub adoption = start(null, "nightly");
    AdoptView stopped = untilStopped(adoption);
    assertThat(stopped.says()).isEqualTo("stopped at record: you may not set tags");
    assertThat(stopped.next()).isEqualTo("portage resume " + ID);
    assertThat(adoption.query("turnWanted", TurnRequest.class)).isNull();
    engine.environment.sleep(Duration.ofSeconds(1));
    assertThat(engine.lane("prod").holder()).isNull();

    world.allow("label prod/3");
    adoption.update(
        "resume", Receipt.class, new DecisionMessage(null, "ana@example.com", null, null, null));

    AdoptView view = result(adoption);
    assertThat(view.state()).isEqualTo(CourseView.State.DONE);
    assertThat(world.log).as("one entry, however often it is written").hasSize(1);
    assertThat(world.registry.tagsOf("prod", "3")).containsEntry(Tags.RELEASE, Tags.LIVE);
    assertThat(world.count("manifest")).as("bytes are read once").isEqualTo(1);
  }

  @Test
  void whatATerminatedAdoptionBeganIsFinishedByTheNext() {
    live("3");
    world.refuse("label prod/3", FakeWorld.userFault("you may not set tags"));
    WorkflowStub first = start(null, "nightly");
    untilStopped(first);
    first.terminate("not needed");
    world.allow("label prod/3");

    AdoptView view = result(start(null, "nightly"));

    assertThat(view.says()).contains("is recorded as the release that is live");
    assertThat(world.log).hasSize(1);
    assertThat(world.registry.tagsOf("prod", "3")).containsEntry(Tags.RELEASE, Tags.LIVE);
  }

  @Test
  void aChampionThatMovedMeanwhileIsNotRecordedAsWhatItWas() {
    live("3");
    FaultyWorld.Hold hold = world.hold("manifest");
    WorkflowStub adoption = start(null, null);
    try {
      hold.awaitReached();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
    live("4");
    hold.release();

    assertRefused(adoption, "alias champion was moved since it was looked at: it was version 3");
    assertThat(world.log).isEmpty();
    assertThat(world.registry.tagsOf("prod", "3")).doesNotContainKey(Tags.RELEASE);
  }

  @Test
  void whatWasAdoptedBeforeIsSuperseded() {
    live("3");
    result(start(null, null));
    live("4");
    result(start(null, null));

    assertThat(world.registry.tagsOf("prod", "3")).containsEntry(Tags.RELEASE, Tags.SUPERSEDED);
    assertThat(world.registry.tagsOf("prod", "4")).containsEntry(Tags.RELEASE, Tags.LIVE);
    assertThat(world.log).hasSize(2);
  }

  @Test
  void whatWasAdoptedBeforeIsSupersededAlsoByARepeat() {
    live("3");
    result(start(null, null));
    live("4");
    world.refuse("label prod/4", FakeWorld.userFault("you may not set tags"));
    WorkflowStub adoption = start(null, null);
    untilStopped(adoption);
    assertThat(world.log).as("its own entry is the newest").hasSize(2);
    world.allow("label prod/4");
    adoption.update(
        "resume", Receipt.class, new DecisionMessage(null, "ana@example.com", null, null, null));
    result(adoption);

    assertThat(world.registry.tagsOf("prod", "3")).containsEntry(Tags.RELEASE, Tags.SUPERSEDED);
    assertThat(world.registry.tagsOf("prod", "4")).containsEntry(Tags.RELEASE, Tags.LIVE);
  }

  private WorkflowStub start(@Nullable String version, @Nullable String job) {
    return start(
        new AdoptStart(
            "diabetes",
            "prod",
            version,
            job == null ? null : Map.of("batch", job),
            null,
            "ana@example.com"));
  }
}
