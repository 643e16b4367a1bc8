package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.job.JobCode;
import dev.portage.job.JobState;
import dev.portage.release.Release;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.Work;
import dev.portage.trigger.Trigger;
import dev.portage.trigger.Triggers;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What somebody does by hand while a scoring run takes its time: the champion never moves over what
 * nobody has seen, and no edit is overwritten unless people decided on it.
 */
@Timeout(120)
class HandEditsTest {

  private static final JobState BEFORE =
      JobState.of(7, "diabetes-batch", "hash-0").scores("5", null).build();

  private static final String DOWNLOAD =
      "mlflow artifacts download -u mlflow-artifacts:/undo.json -d . && ";

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  @Tag("S1.10")
  @Tag("S1.11")
  void aJobThatWasEditedDuringItsRunKeepsTheChampionWhereItIs() {
    world.jobs.job = BEFORE;
    WorkflowStub promotion = duringTheRun(() -> edit("hash-by-hand"));

    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says()).startsWith("stopped at prod/champion: ");
    assertThat(Objects.requireNonNull(view.problem()).cameBack())
        .contains(
            "job 7 with version 1 at 0123456789ab is not as this promotion left it: somebody else"
                + " changed it meanwhile. Now it is: job 7 with version 1 at 0123456789ab");
    assertThat(view.problem().remedy())
        .startsWith("The champion has not moved. ")
        .contains("portage resume " + PromotionEngine.id(promotion))
        .contains("has since been changed by someone else")
        .contains("before it was: job 7 with version 5")
        .contains(DOWNLOAD + "jq '{job_id: 7,");
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
    assertThat(engine.lane("prod").holder()).isNull();
    assertThat(Objects.requireNonNull(world.jobs.job).settingsHash()).isEqualTo("hash-by-hand");

    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    PromotionView asked = engine.untilState(promotion, PromotionState.WAITING);
    assertThat(asked.request()).isEqualTo("prod-2");
    assertThat(asked.notices()).anyMatch(notice -> notice.endsWith("; it stays as it is"));
    assertThat(Objects.requireNonNull(world.jobs.job).settingsHash()).isEqualTo("hash-by-hand");

    released(promotion);
    assertThat(world.jobs.scored).extracting(order -> order.key()).doesNotHaveDuplicates();
    assertThat(world.count("reset job")).isEqualTo(2);
    assertThat(world.count("run job")).isEqualTo(2);
  }

  @Test
  @Tag("S1.10")
  void aJobThatWasResumedDuringItsRunCountsAsEdited() {
    world.jobs.job = BEFORE;
    world.jobs.resumes = "UNPAUSED";
    WorkflowStub promotion =
        duringTheRun(() -> {
          JobState paused = Objects.requireNonNull(world.jobs.job);
          world.jobs.job =
              JobState.of(7, paused.name(), "hash-1-started-by-hand")
                  .scores(paused.modelVersion(), paused.commit())
                  .madeBy(paused.promotion(), paused.previousHash(), paused.undoUri())
                  .resumes(paused.resumes(), paused.resumedHash())
                  .build();
        });

    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says()).startsWith("stopped at prod/champion: ");
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
  }

  @Test
  @Tag("S1.10")
  void aPausedJobThatNobodyEditedGoesLive() {
    world.jobs.job = BEFORE;
    world.jobs.resumes = "UNPAUSED";
    WorkflowStub promotion = duringTheRun(() -> {});

    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.requests()).hasSize(1);
  }

  @Test
  @Tag("S1.11")
  void aJobThatWasDeletedDuringItsRunIsToBeCreatedAgainByHand() {
    world.jobs.job = BEFORE;
    WorkflowStub promotion = duringTheRun(() -> world.jobs.job = null);

    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(Objects.requireNonNull(view.problem()).remedy())
        .contains("has since been deleted")
        .contains(DOWNLOAD + "databricks jobs create --json @undo.json");
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");

    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    engine.until(promotion, next -> "prod-2".equals(next.request()));
    released(promotion);
    assertThat(world.effects).containsSubsequence("reset job", "create job", "run job");
  }

  @Test
  @Tag("S1.10")
  void aTeamsOwnJobThatWasDeployedDuringItsRunIsDecidedOnAgainAndRunsAgain() {
    world.scores = new Work.Job("scoring", Map.of(), Duration.ofHours(2));
    world.jobs.job = JobState.of(12, "scoring", "0123456789abcdef").build();
    WorkflowStub promotion =
        duringTheRun(
            "12", () -> world.jobs.job = JobState.of(12, "scoring", "fedcba9876543210").build());

    PromotionView view = engine.until(promotion, next -> "prod-2".equals(next.request()));

    assertThat(view.notices())
        .anyMatch(notice -> notice.contains("Now it is: job 12, settings fedcba987654"));
    assertThat(world.count("put job back")).isZero();
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
    released(promotion);
    assertThat(world.count("run their job 12")).isEqualTo(2);
  }

  @Test
  @Tag("S0.07")
  void codeThatWasReplacedUnderAnUnchangedJobIsDecidedOnAgainAndStandsInTheRelease() {
    world.scores = new Work.Job("scoring", Map.of(), Duration.ofHours(2));
    world.jobs.job = theirs("a");
    WorkflowStub promotion = engine.waiting();
    assertThat(PromotionEngine.status(promotion).requests().getFirst().plan().toString())
        .contains("task score runs /Shared/score aaaaaaaaaaaa");

    world.jobs.job = theirs("b");
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    PromotionView view = engine.until(promotion, next -> "prod-2".equals(next.request()));
    assertThat(view.requests().getLast().plan().toString())
        .contains("task score runs /Shared/score bbbbbbbbbbbb");
    assertThat(world.count("run their job 12")).isZero();

    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-2"));
    Release release = promotion.getResult(PromotionView.class).releases().getFirst();
    assertThat(Objects.requireNonNull(release.live()).getFirst().value("code"))
        .isEqualTo("hash of b");
  }

  @Test
  @Tag("S0.07")
  void codeThatWasReplacedDuringTheRunKeepsTheChampionWhereItIs() {
    world.scores = new Work.Job("scoring", Map.of(), Duration.ofHours(2));
    world.jobs.job = theirs("a");
    WorkflowStub promotion = duringTheRun("12", () -> world.jobs.job = theirs("b"));

    engine.until(promotion, next -> "prod-2".equals(next.request()));
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
  }

  /** Its settings stay the same: only the notebook that they name has changed. */
  private static JobState theirs(String code) {
    return JobState.of(12, "scoring", "0123456789abcdef")
        .code(
            new JobCode(
                "hash of " + code,
                List.of(new JobCode.Part("score", "/Shared/score", null, code.repeat(64), null))))
        .build();
  }

  @Test
  @Tag("S1.10")
  void anEndpointThatWasChangedDuringTheScoringRunKeepsTheChampionWhereItIs() {
    world.serve = ServeSettings.of("diabetes");
    world.endpoints.byHand("diabetes", FakeEndpoints.served("0", 100));
    WorkflowStub promotion =
        duringTheRun(() ->
            world.endpoints.byHand(
                "diabetes", FakeEndpoints.served("0", 90), FakeEndpoints.served("1", 10)));

    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says()).startsWith("stopped at prod/champion: ");
    assertThat(Objects.requireNonNull(view.problem()).remedy())
        .contains("which this promotion did not order");
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
    assertThat(world.endpoints.of("diabetes").live().served()).hasSize(2);
    assertThat(world.jobs.job).as("nobody touched the job, so it is as before").isNull();
  }

  @Test
  void whatWouldStartAndWasAddedDuringTheRunStopsItAndAllIsPutBack() {
    world.jobs.job = BEFORE;
    WorkflowStub promotion = duringTheRun(() -> starts(false));

    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says())
        .startsWith("stopped at prod/champion: ")
        .contains("job nightly-report (77) starts when diabetes gets another champion");
    assertThat(world.jobs.job).isEqualTo(BEFORE);
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
  }

  @Test
  void whatMayStartAndWasAddedDuringTheRunIsDecidedOnFirst() {
    WorkflowStub promotion = duringTheRun(() -> starts(true));

    PromotionView view = engine.until(promotion, next -> "prod-2".equals(next.request()));

    assertThat(view.notices())
        .contains(
            "more starts by itself in prod than at the approval: job nightly-report (77) starts when"
                + " diabetes gets another champion");
    assertThat(view.requests().getLast().plan().toString()).contains("job nightly-report (77)");
    released(promotion);
  }

  @Test
  @Tag("S1.09")
  void aVersionThatAppearedLateIsRemovedBeforeTheChampionMovesAndTold() {
    world.registry.duplicates.put(
        "prod", List.of("version 2 of diabetes in prod existed twice, and was removed"));
    WorkflowStub promotion = duringTheRun(() -> {});

    assertThat(promotion.getResult(PromotionView.class).notices())
        .contains("version 2 of diabetes in prod existed twice, and was removed");
  }

  @Test
  @Tag("S1.09")
  void withoutALongStepItIsRemovedWithTheFirstLookUnderTheTurnAndTold() {
    world.withBatch = false;
    world.registry.duplicates.put(
        "prod", List.of("version 2 of diabetes in prod existed twice, and was removed"));

    assertThat(engine.approved().getResult(PromotionView.class).notices())
        .contains("version 2 of diabetes in prod existed twice, and was removed");
  }

  private WorkflowStub duringTheRun(Runnable byHand) {
    return duringTheRun("batch", byHand);
  }

  /** A promotion in whose scoring run somebody does something. */
  private WorkflowStub duringTheRun(String name, Runnable byHand) {
    world.jobs.last(name);
    WorkflowStub promotion = engine.approved();
    engine.until(promotion, view -> world.jobs.awaited());
    byHand.run();
    world.jobs.finish(name);
    return promotion;
  }

  private void edit(String hash) {
    world.jobs.job = Objects.requireNonNull(world.jobs.job).hashed(hash);
  }

  private void starts(boolean allowed) {
    world.triggers.put(
        "prod",
        new Triggers(
            List.of(
                new Trigger(
                    Trigger.Kind.JOB, "77", "nightly-report", Trigger.Event.CHAMPION, allowed)),
            null));
  }

  private static void released(WorkflowStub promotion) {
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-2"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }
}
