package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portage.approval.Receipt;
import dev.portage.approval.Request;
import dev.portage.gate.EvaluationOrder;
import dev.portage.gate.GateEvaluation;
import dev.portage.gate.GateInput;
import dev.portage.job.JobState;
import dev.portage.job.SettingChange;
import dev.portage.plan.Action;
import dev.portage.plan.Plan;
import dev.portage.release.Release;
import dev.portage.text.DetailsPage;
import dev.portage.text.Line;
import dev.portage.text.Page;
import io.temporal.client.WorkflowStub;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What approvers see of the scoring job, and that it is compared with what is there under the turn.
 */
@Timeout(120)
class JobInThePlanTest {
  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void planAndReleaseShowTheRunAsIdentityAndWhatCannotBeRestored() {
    world.jobs.job = job("scoring@example.com", List.of("job 9 of this model runs by itself too"));
    WorkflowStub promotion = waiting();

    Action batch =
        status(promotion).requests().getFirst().plan().actions().stream()
            .filter(action -> action.step().equals("prod/batch"))
            .findFirst()
            .orElseThrow();
    assertThat(batch.now())
        .isEqualTo(
            "job 7 with version 5, runs as scoring@example.com; job 9 of this model runs by itself"
                + " too");
    assertThat(batch.then()).endsWith("into predictions, still as scoring@example.com");
    approve(promotion, "prod-1");
    PromotionView released = promotion.getResult(PromotionView.class);
    assertThat(released.releases())
        .extracting(Release::jobRunsAs)
        .containsExactly("scoring@example.com");
    assertThat(released.steps())
        .filteredOn(step -> step.name().equals("prod/batch"))
        .singleElement()
        .asString()
        .contains("job 7 as scoring@example.com run ");
  }

  @Test
  void changedSettingsAreShownToApproversWithoutBindingThem() {
    world.jobs.job = job("scoring@example.com", null);
    world.jobs.preview =
        List.of(new SettingChange("schedule.quartz_cron_expression", "nothing", "0 0 6 * * ?"));
    WorkflowStub promotion = waiting();

    Request asked = status(promotion).requests().getFirst();
    assertThat(asked.plan().jobSettings()).isEqualTo(world.jobs.preview);
    assertThat(world.jobs.previewed)
        .singleElement()
        .satisfies(order -> {
          assertThat(order.modelVersion()).isEqualTo("<new version>");
          assertThat(order.seen()).isEqualTo(7);
        });
    assertThat(DetailsPage.of(PromotionPage.details(status(promotion))))
        .contains("setting of the scoring job")
        .contains("schedule.quartz_cron_expression | nothing → 0 0 6 \\* \\* ?");

    world.jobs.preview = List.of(new SettingChange("timeout_seconds", "60", "3600"));
    approve(promotion, "prod-1");
    PromotionView released = promotion.getResult(PromotionView.class);
    assertThat(released.requests()).hasSize(1);
    assertThat(released.state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void ofANewJobOnlyWhatPeopleDecideOnIsShown() {
    Plan plan = new Plan("prod", List.of(new Action("prod/batch", "job", "nothing", "churn")));

    String page =
        DetailsPage.of(
            new Page(
                Line.words("plan"),
                List.of(),
                List.of(
                    PromotionPage.plan(
                        plan.showing(
                            List.of(
                                made("git_source.git_commit", "0123abc"),
                                made("git_source.git_url", "https://example.com/churn"),
                                made("name", "churn-batch"),
                                made("schedule.quartz_cron_expression", "0 0 6"),
                                made("tasks.score.max_retries", "0"),
                                made("tasks.score.notebook_task.notebook_path", "score")))))));

    assertThat(page)
        .contains("0123abc", "0 0 6", "→ score", "3 more of the new job")
        .doesNotContain("max\\_retries", "git\\_url");
  }

  private static SettingChange made(String name, String value) {
    return new SettingChange(name, SettingChange.NOTHING, value);
  }

  @Test
  void thePromotionContinuesIfSettingsCannotBeRead() {
    world.jobs.job = job("scoring@example.com", null);
    world.jobs.preview = null;
    WorkflowStub promotion = waiting();

    assertThat(status(promotion).requests().getFirst().plan().jobSettings()).isNull();
    assertThat(DetailsPage.of(PromotionPage.details(status(promotion))))
        .doesNotContain("setting of the scoring job");
  }

  @Test
  void shownSettingsAreNotPartOfTheEvidence() {
    Plan plan =
        new Plan("prod", List.of(new Action("prod/champion", "alias", "nothing", "<new version>")));

    assertThat(digest(plan.showing(List.of(new SettingChange("timeout_seconds", "60", "3600")))))
        .as("as it was before anything was shown")
        .isEqualTo(digest(plan))
        .isEqualTo("4d0a6209a03d24b7f74abd11f0876013e122aaa63d40a0e712fa83b2ee0a375b");
  }

  private static String digest(Plan plan) {
    GateInput input = new GateInput("prod", Map.of(), null, List.of(), null, List.of(), false);
    return new GateEvaluation().evaluate(new EvaluationOrder(input, "d", plan)).planDigest();
  }

  @Test
  void aChangedRunAsIdentityAfterTheApprovalNeedsANewDecision() {
    world.jobs.job = job("scoring@example.com", null);
    WorkflowStub promotion = waiting();

    world.jobs.job = job("root@example.com", null);
    approve(promotion, "prod-1");

    engine.until(promotion, view -> view.requests().size() == 2);
    assertThat(world.count("reset job")).isZero();
  }

  @Test
  void anotherReleaseMovesTheChampionWithItsJobAndDecisionsStandWhereTheGatesPass() {
    world.jobs.job = jobOf("promotion/diabetes/first", "5");
    WorkflowStub promotion = waiting();

    world.registry.isChampion("6", Map.of("rmse", 54.0), PromotionEngine.COMMIT);
    world.jobs.job = jobOf("promotion/diabetes/second", "6");
    approve(promotion, "prod-1");

    PromotionView released = promotion.getResult(PromotionView.class);
    assertThat(released.requests()).hasSize(1);
    assertThat(released.notices()).anyMatch(notice -> notice.contains("the decisions stand"));
  }

  @Test
  void aFirstReleaseThatCreatesTheJobChangesNothingForWaiters() {
    world.registry.isChampion("5", Map.of("rmse", 55.0), PromotionEngine.COMMIT);
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);

    world.registry.isChampion("6", Map.of("rmse", 54.0), PromotionEngine.COMMIT);
    world.jobs.job = jobOf("promotion/diabetes/first", "6");
    approve(promotion, "prod-1");

    assertThat(promotion.getResult(PromotionView.class).requests()).hasSize(1);
  }

  @Test
  void aJobScoringWithAnotherVersionThanTheChampionNeedsANewDecision() {
    world.jobs.job = jobOf("promotion/diabetes/first", "5");
    WorkflowStub promotion = waiting();

    world.registry.isChampion("6", Map.of("rmse", 54.0), PromotionEngine.COMMIT);
    world.jobs.job = jobOf("promotion/diabetes/second", "4");
    approve(promotion, "prod-1");

    engine.until(promotion, view -> view.requests().size() == 2);
    assertThat(world.count("reset job")).isZero();
  }

  @Test
  void aCloneAfterTheApprovalStopsUnderTheTurnBeforeAnyChange() {
    world.jobs.job = job("scoring@example.com", null);
    WorkflowStub promotion = waiting();
    world.refuse("findJob", FakeWorld.userFault("jobs 7 and 9 all have that name"));

    approve(promotion, "prod-1");

    PromotionView stopped = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(stopped.says()).contains("jobs 7 and 9 all have that name");
    assertThat(world.count("reset job")).isZero();
    assertThat(engine.lane("prod").holder()).isNull();
    world.allow("findJob");
    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
  }

  @Test
  void aJobThatNoListShowsIsPlannedAsTheLastReleaseRecordedIt() {
    world.registry.isChampion(
        "5", Map.of("rmse", 55.0), PromotionEngine.COMMIT, "run-of-the-release-before");
    world.jobs.job = jobOf("promotion/diabetes/first", "5");
    world.records.put("run-of-the-release-before", releaseWithJob(7));
    world.jobs.listIsBehind = true;
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);

    world.jobs.listIsBehind = false;
    approve(promotion, "prod-1");

    PromotionView released = promotion.getResult(PromotionView.class);
    assertThat(released.requests()).hasSize(1);
    assertThat(released.requests().getFirst().plan().actions())
        .filteredOn(action -> action.step().equals("prod/batch"))
        .extracting(Action::now)
        .singleElement()
        .asString()
        .startsWith("job 7 with version 5");
  }

  @Test
  void newVersionsNeedNoNewDecision() {
    world.registry.isChampion("5", Map.of("rmse", 55.0), PromotionEngine.COMMIT);
    world.registry.listed = "1–5";
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    world.registry.listed = "1–6";
    approve(promotion, "prod-1");

    PromotionView released = promotion.getResult(PromotionView.class);
    assertThat(released.requests()).hasSize(1);
    Plan plan = released.requests().getFirst().plan();
    assertThat(plan.actions())
        .filteredOn(action -> action.step().equals("prod/register"))
        .extracting(
            action -> action.shownNow(plan.versions()), action -> action.shownThen(plan.versions()))
        .containsExactly(tuple("versions 1–5", "versions 1–5 and a new one"));
  }

  @Test
  void approversLearnThatAJobIsGoneOrHiddenBeforeAnotherIsCreated() {
    world.registry.isChampion(
        "5", Map.of("rmse", 55.0), PromotionEngine.COMMIT, "run-of-the-release-before");
    world.records.put("run-of-the-release-before", releaseWithJob(7));
    world.jobs.hidden = true;
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    approve(promotion, "prod-1");

    PromotionView released = promotion.getResult(PromotionView.class);
    assertThat(released.requests()).hasSize(1);
    assertThat(released.requests().getFirst().plan().actions())
        .filteredOn(action -> action.step().equals("prod/batch"))
        .extracting(Action::now)
        .singleElement()
        .asString()
        .contains("job 7 of the last release was deleted, or is hidden from this login");
  }

  @Test
  void theListDecidesIfTheLastReleaseHadNoJob() {
    world.registry.isChampion(
        "5", Map.of("rmse", 55.0), PromotionEngine.COMMIT, "run-of-the-release-before");
    world.records.put("run-of-the-release-before", releaseWithJob(null));
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);

    approve(promotion, "prod-1");

    assertThat(promotion.getResult(PromotionView.class).requests()).hasSize(1);
    assertThat(world.count("create job")).isOne();
  }

  private static Release releaseWithJob(@Nullable Integer job) {
    return Release.of("promotion/diabetes/first", "prod", "diabetes", "5", "digest", Instant.EPOCH)
        .job(job == null ? null : job.longValue(), null)
        .build();
  }

  private WorkflowStub waiting() {
    world.registry.isChampion("5", Map.of("rmse", 55.0), PromotionEngine.COMMIT);
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    return promotion;
  }

  private static void approve(WorkflowStub promotion, String request) {
    promotion.update("approve", Receipt.class, by("ana@example.com", request));
  }

  private static JobState jobOf(String promotion, String version) {
    return JobState.of(7, "diabetes-batch", "hash-" + version)
        .scores(version, null)
        .madeBy(promotion, null, null)
        .build();
  }

  private static JobState job(@Nullable String runAs, @Nullable List<String> remarks) {
    return JobState.of(7, "diabetes-batch", "hash-0")
        .scores("5", null)
        .runAs(runAs)
        .remarks(remarks)
        .build();
  }
}
