package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Decision;
import dev.portage.approval.Receipt;
import dev.portage.job.RunRef;
import dev.portage.job.RunResult;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.Tags;
import dev.portage.release.Release;
import dev.portage.step.StepProgress;
import dev.portage.step.StepView;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A promotion from training to the champion. */
class PromotionWorkflowTest {
  private static final String OTHER_COMMIT = "fedcba9876543210fedcba9876543210fedcba98";

  @AutoClose private final PromotionEngine engine = new PromotionEngine();

  private final FakeWorld world = engine.world;

  @Test
  @Tag("S0.21")
  void carriesACommitFromTrainingToChampionWithOneApproval() {
    WorkflowStub promotion = engine.start();
    PromotionView waiting = engine.untilState(promotion, PromotionState.WAITING);
    assertThat(waiting.request()).isEqualTo("prod-1");
    assertThat(waiting.says()).contains("model-owners");

    Receipt receipt = promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    assertThat(receipt.text()).isEqualTo("prod-1 approved by ana@example.com");

    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    assertThat(view.steps()).extracting(StepView::name).startsWith("prepare", "check", "train");
    assertThat(view.steps())
        .allSatisfy(step -> assertThat(step.state()).isEqualTo(StepView.State.DONE))
        .allSatisfy(step -> assertThat(step.ended()).isNotNull());
    assertThat(view.versions()).extracting(ModelVersion::workspace).containsExactly("dev", "prod");
    assertThat(view.releases())
        .singleElement()
        .satisfies(release -> {
          assertThat(release.version()).isEqualTo("1");
          assertThat(release.decisions())
              .extracting(Decision::by)
              .containsExactly("ana@example.com");
        });
    assertThat(world.registry.marks)
        .containsEntry("prod/champion", "1")
        .containsEntry("dev/Production", "1");
  }

  @Test
  @Tag("S1.08")
  void marksTheOriginOnlyAfterTheTargetsChampionMoved() {
    WorkflowStub promotion = engine.approved();
    promotion.getResult(PromotionView.class);
    assertThat(world.effects)
        .containsSubsequence("register in prod", "mark prod champion", "mark dev Production");
  }

  @Test
  @Tag("S0.06")
  void aFailedCheckStopsBeforeTraining() {
    world.jobs.endNext("diabetes check", RunResult.Ending.FAILED);
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(view.says()).contains("stopped at check").contains("column bmi is empty");
    assertThat(world.count("submit notebooks/train.py")).isZero();
  }

  @Test
  @Tag("S0.05")
  void everyResultButSuccessStopsAtTrainingWithTheCellsError() {
    for (RunResult.Ending ending : RunResult.Ending.values()) {
      if (ending != RunResult.Ending.SUCCESS) {
        world.jobs.endNext("diabetes train", ending);
      }
    }
    WorkflowStub promotion = engine.start();
    for (int stop = 1; stop < RunResult.Ending.values().length; stop++) {
      int number = stop;
      PromotionView view =
          engine.until(
              promotion,
              v -> v.state() == PromotionState.STOPPED && v.decisions().size() == number - 1);
      assertThat(java.util.Objects.requireNonNull(view.problem()).message())
          .contains("ValueError")
          .contains("train.py:12");
      assertThat(world.count("register in dev")).isZero();
      promotion.update("resume", Receipt.class, by("sam@example.com", "stop-" + stop));
    }
    assertThat(engine.untilState(promotion, PromotionState.WAITING).steps())
        .filteredOn(step -> step.name().equals("train"))
        .singleElement()
        .satisfies(step -> assertThat(step.attempt()).isEqualTo(6));
    assertThat(world.count("submit notebooks/check.py")).isEqualTo(1);
  }

  @Test
  void aLargeCopyIsPartitionedAndFinishedOnce() {
    world.copies.partitions = FakeCopies.cut(40, 2_500, 50L << 30);
    WorkflowStub promotion = engine.approved();
    PromotionView view = promotion.getResult(PromotionView.class);

    assertThat(world.count("plan copy ")).isEqualTo(1);
    assertThat(world.count("copy files ")).isEqualTo(40);
    assertThat(world.effects)
        .contains("copy files 0 to 2500", "copy files 97500 to 100000")
        .contains("finish copy of " + 40 * (50L << 30) + " bytes");
    assertThat(view.steps())
        .filteredOn(step -> step.name().equals("prod/copy"))
        .singleElement()
        .satisfies(step ->
            assertThat(step.result()).contains("100000 files").contains("in 40 partitions"));
    // A hundred thousand files leave no list in the history.
    List<Integer> events = engine.eventBytes(promotion);
    assertThat(events).hasSizeLessThan(1000).allMatch(bytes -> bytes < 32 * 1024);
    assertThat(events.stream().mapToInt(bytes -> bytes).sum()).isLessThan(2 * 1024 * 1024);
  }

  @Test
  void aPartitionThatFailsStopsTheCopyAndResumeContinues() {
    world.copies.partitions = FakeCopies.cut(20, 2_500, 50L << 30);
    // Only the last of them: cancelling one that is just ending is too much for the test server.
    FaultyWorld.Hold last = world.hold("copy files 47500 to 50000");
    world.failNext("answer of copy files 47500 to 50000", FakeWorld.userFault("no space left"));
    WorkflowStub promotion = engine.approved();
    PromotionView copying =
        engine.until(promotion, view -> view.says().contains("19 of 20 partitions"));
    assertThat(copying.steps())
        .filteredOn(step -> step.name().equals("prod/copy"))
        .extracting(StepView::progress)
        .containsExactly(
            new StepProgress(
                "19 of 20 partitions, 47500 of 50000 files, 972800 of 1024000 MiB", 95));
    last.release();
    PromotionView stopped = engine.untilState(promotion, PromotionState.STOPPED);
    assertThat(stopped.steps())
        .filteredOn(step -> step.name().equals("prod/copy"))
        .singleElement()
        .satisfies(step ->
            assertThat(Objects.requireNonNull(step.progress()).text())
                .startsWith("19 of 20 partitions"));
    assertThat(stopped.says()).contains("stopped at prod/copy: no space left");
    assertThat(world.count("finish copy")).isZero();

    promotion.update("resume", Receipt.class, by("sam@example.com", "stop-1"));
    promotion.getResult(PromotionView.class);

    assertThat(world.count("finish copy")).isEqualTo(1);
    assertThat(world.effects)
        .contains("copy files 0 to 2500", "copy files 2500 to 5000", "copy files 47500 to 50000");
  }

  @Test
  @Tag("S1.34")
  void resumesAfterAFaultInEachStepWithoutRepeatingFinishedOnes() {
    List<Fault> faults =
        List.of(
            new Fault("prepare", "settings"),
            new Fault("check", "submit notebooks/check.py"),
            new Fault("train", "submit notebooks/train.py"),
            new Fault("train", "find run"),
            new Fault("register", "manifest"),
            new Fault("register", "register in dev"),
            new Fault("mark", "mark dev Staging"),
            new Fault("prod/evaluate", "read champion"),
            new Fault("prod/evaluate", "evaluate"),
            new Fault("prod/copy", "copy"),
            new Fault("prod/register", "register in prod"),
            new Fault("prod/turn", "request the turn in prod"),
            new Fault("prod/turn", "read champion"),
            new Fault("prod/batch", "create job"),
            new Fault("prod/batch", "run job"),
            new Fault("prod/batch", "count"),
            new Fault("prod/champion", "mark prod champion"));
    world.failNext(faults.getFirst().effect(), FakeWorld.userFault("it is down"));
    WorkflowStub promotion = engine.start();
    for (int stop = 1; stop <= faults.size(); stop++) {
      Fault fault = faults.get(stop - 1);
      assertThat(untilStop(promotion, stop).says())
          .isEqualTo("stopped at " + fault.step() + ": it is down");
      if (stop < faults.size()) {
        world.failNext(faults.get(stop).effect(), FakeWorld.userFault("it is down"));
      }
      promotion.update("resume", Receipt.class, by("sam@example.com", "stop-" + stop));
    }
    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.state()).isEqualTo(PromotionState.RELEASED);
    // Every step except the decision, which is a person's and can't fail, and the follow-ups after
    // the champion moved, which stop nothing.
    assertThat(
            view.steps().stream()
                .map(StepView::name)
                .filter(name ->
                    !Set.of("prod/approve", "prod/publish", "prod/release", "close")
                        .contains(name)))
        .containsExactlyElementsOf(faults.stream().map(Fault::step).distinct().toList());
    assertThat(world.effects)
        .containsOnlyOnce(
            "submit notebooks/check.py",
            "submit notebooks/train.py",
            "register in dev",
            "mark dev Staging",
            "register in prod",
            "run job",
            "mark prod champion",
            "release 1",
            "mark dev Production");
    assertThat(world.count("copy")).isEqualTo(1);
    assertThat(view.requests()).hasSize(1);
  }

  /** What fails, and the step that it stops. */
  private record Fault(String step, String effect) {}

  /** Approves whatever is requested in the meantime. */
  private PromotionView untilStop(WorkflowStub promotion, int number) {
    return engine.until(
        promotion,
        view -> {
          if (view.state() == PromotionState.WAITING) {
            promotion.update(
                "approve", Receipt.class, by("ana@example.com", String.valueOf(view.request())));
          }
          boolean stopped = view.state() == PromotionState.STOPPED && orders(view) == number - 1;
          if (stopped && world.count("request the turn in prod") > 0) {
            assertThat(engine.lane("prod").holder()).as("who waits for a person").isNull();
          }
          return stopped;
        });
  }

  @Test
  @Tag("S1.03")
  void twoCommitsEachTrainTheirOwnCode() {
    String other = "fedcba9876543210fedcba9876543210fedcba98";
    world.jobs.last("diabetes train");
    WorkflowStub first = engine.start();
    WorkflowStub second = engine.start(other);
    engine.until(first, view -> world.count("submit notebooks/train.py") == 2);
    // Both are training now, in the same workspace.
    world.jobs.finish("diabetes train");

    for (WorkflowStub promotion : List.of(first, second)) {
      PromotionView view = engine.untilState(promotion, PromotionState.WAITING);
      String commit = String.valueOf(view.commit());
      RunRef trained =
          java.util.Objects.requireNonNull(world.jobs.runsByKey.get(view.id() + "#train#1"));
      assertThat(world.jobs.commits).containsEntry(trained.runId(), commit);
      assertThat(view.versions())
          .singleElement()
          .satisfies(version -> {
            assertThat(version.tags()).containsEntry("portage_commit", commit);
            assertThat(version.runId()).isEqualTo("run-" + commit);
          });
    }
  }

  @Tag("S2.22")
  @Tag("S2.26")
  @Test
  @Tag("S1.15")
  void continuesFromTargetToTargetAndMarksTheOriginOnceAfterTheLast() {
    world.targets = List.of("qa", "prod");
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> "qa-1".equals(view.request()));
    promotion.update("approve", Receipt.class, by("ana@example.com", "qa-1"));
    engine.until(promotion, view -> "prod-1".equals(view.request()));
    assertThat(world.registry.marks).containsKey("qa/champion").doesNotContainKey("dev/Production");
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.says()).isEqualTo("released v1 in qa, v1 in prod");
    assertThat(world.registry.versions)
        .filteredOn(version -> !version.workspace().equals("dev"))
        .extracting(version -> version.tags().get(Tags.DIGEST))
        .as("production gets the bytes that staging tested")
        .containsExactly(FakeWorld.DIGEST, FakeWorld.DIGEST);
    assertThat(world.registry.versions.getLast().tags().get("portage_lineage"))
        .isEqualTo(
            "dev diabetes/1 run run-"
                + PromotionEngine.COMMIT
                + " commit "
                + PromotionEngine.COMMIT
                + "\nqa diabetes/1 run run-9");
  }

  @Test
  void aFailedLaterHopLeavesTheEarlierOneReleased() {
    world.targets = List.of("qa", "prod");
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> "qa-1".equals(view.request()));
    promotion.update("approve", Receipt.class, by("ana@example.com", "qa-1"));
    engine.until(promotion, view -> "prod-1".equals(view.request()));
    promotion.signal("reject", by("ana@example.com", "prod-1"));
    PromotionView view = PromotionEngine.viewOfFailure(promotion, PromotionWorkflow.REJECTED);
    assertThat(view.releases()).extracting(Release::workspace).containsExactly("qa");
    assertThat(world.registry.marks).containsKey("qa/champion").doesNotContainKey("dev/Production");
  }

  @Test
  @Tag("S2.11")
  void aFailureInStagingNeverReachesProduction() {
    world.targets = List.of("qa", "prod");
    WorkflowStub promotion = engine.start();
    engine.until(promotion, view -> "qa-1".equals(view.request()));
    world.failNext("run job", FakeWorld.fatalFault("the scoring job failed in qa"));

    promotion.update("approve", Receipt.class, by("ana@example.com", "qa-1"));
    PromotionView view = PromotionEngine.viewOfFailure(promotion, PromotionWorkflow.FAILED);

    assertThat(view.releases()).isEmpty();
    assertThat(view.requests()).as("nobody was asked about prod").hasSize(1);
    assertThat(world.registry.versions)
        .extracting(ModelVersion::workspace)
        .as("in qa it was there to be scored with")
        .contains("qa")
        .doesNotContain("prod");
    assertThat(world.registry.marks).doesNotContainKeys("qa/champion", "prod/champion");
  }

  @Test
  void aFatalFailureEndsItAtOnce() {
    world.failNext("copy", FakeWorld.fatalFault("source changed since registration"));
    WorkflowStub promotion = engine.approved();
    PromotionView view = PromotionEngine.viewOfFailure(promotion, PromotionWorkflow.FAILED);
    assertThat(view.says()).contains("source changed since registration");
  }

  @Test
  void aChampionThatMovedMeanwhileIsComparedAgainAndApproversAreNotified() {
    WorkflowStub promotion = engine.start(PromotionEngine.start(List.of(), null));
    engine.untilState(promotion, PromotionState.WAITING);
    // No champion at the request; under the turn there is one for which the gates are inconclusive.
    world.registry.isChampion("5", Map.of("rmse", 55.0), OTHER_COMMIT);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    PromotionView second = engine.until(promotion, view -> "prod-2".equals(view.request()));
    assertThat(second.notices()).anyMatch(notice -> notice.contains("a new request opens"));
    assertThat(world.registry.marks).doesNotContainKey("prod/champion");
    // It moves again, and the gates against it pass: the decision stands.
    world.registry.isChampion("6", Map.of("rmse", 54.0), PromotionEngine.COMMIT);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-2"));
    PromotionView view = promotion.getResult(PromotionView.class);
    assertThat(view.notices()).anyMatch(notice -> notice.contains("the decisions stand"));
    assertThat(view.releases().getFirst().previousVersion()).isEqualTo("6");
  }

  private static long orders(PromotionView view) {
    return view.decisions().stream().filter(d -> d.verdict() == Decision.Verdict.RESUME).count();
  }
}
