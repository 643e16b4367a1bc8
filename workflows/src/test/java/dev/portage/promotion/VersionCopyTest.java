package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.candidate.ModelLocation;
import dev.portage.copy.Verify;
import dev.portage.duplicates.DuplicatesRemoved;
import dev.portage.registry.ModelVersion;
import dev.portage.registry.Tags;
import dev.portage.registry.VersionOrder;
import dev.portage.temporal.Memos;
import dev.portage.temporal.TestTemporal;
import dev.portage.versioncopy.CopyStart;
import dev.portage.versioncopy.CopyView;
import dev.portage.versioncopy.CopyWorkflow;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A version is copied outside a promotion. */
@Execution(ExecutionMode.CONCURRENT)
class VersionCopyTest {
  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @BeforeEach
  void aVersionInDev() {
    version(Map.of(Tags.COMMIT, PromotionEngine.COMMIT));
  }

  @Test
  void aVersionIsCopiedAndNothingPointsToIt() {
    CopyView view = copy(start("1", false));

    assertThat(view.phase()).isEqualTo(CopyView.Phase.DONE);
    assertThat(view.version()).isEqualTo("1");
    assertThat(view.toVersion()).isEqualTo("1");
    assertThat(view.digest()).isEqualTo(FakeWorld.DIGEST);
    assertThat(view.methods()).contains("through the MLflow server");
    assertThat(arrived().tags())
        .containsEntry(Tags.DIGEST, FakeWorld.DIGEST)
        .containsEntry(Tags.COMMIT, PromotionEngine.COMMIT)
        .hasEntrySatisfying(
            Tags.LINEAGE,
            lineage ->
                assertThat(lineage)
                    .isEqualTo("dev dev.ml.diabetes/1 run run-1 commit " + PromotionEngine.COMMIT));
    assertThat(world.registry.marks).isEmpty();
  }

  @Test
  void aRepeatFindsTheFirstCopy() {
    copy(start("1", false));
    CopyView again = copy(start("1", false));

    assertThat(again.toVersion()).isEqualTo("1");
    assertThat(world.registry.versions).hasSize(2);
  }

  @Test
  void aManifestIsMadeOnce() {
    world.registry.versions.clear();
    version(Map.of(Tags.DIGEST, FakeWorld.DIGEST, Tags.MANIFEST, "mlflow-artifacts:/m.json"));

    copy(start("1", false));

    assertThat(world.count("find manifest ")).isEqualTo(1);
    assertThat(world.count("manifest")).isZero();
  }

  @Test
  void theLineageOfACopiedVersionGrows() {
    world.registry.versions.clear();
    String before = "lab lab.churn/3 run r3 commit " + PromotionEngine.COMMIT;
    version(Map.of(Tags.LINEAGE, before, Tags.COMMIT, PromotionEngine.COMMIT));

    copy(start("1", false));

    assertThat(arrived().tags())
        .containsEntry(Tags.LINEAGE, before + "\ndev dev.ml.diabetes/1 run run-1");
  }

  @Test
  void aVersionWithoutARunGetsOneThatStandsForIt() {
    world.registry.versions.clear();
    world.registry.registerVersion(
        new VersionOrder(
            "dev",
            "dev.ml.diabetes",
            new ModelLocation("dev", "1", "", "m-1", "model", "models:/m-1", "mlflow-artifacts:/1"),
            "made",
            Map.of(),
            ""));

    assertThat(copy(start("1", true)).phase()).isEqualTo(CopyView.Phase.LOOKED);
    assertThat(world.count("stand in")).as("a dry run changes nothing").isZero();
    assertThat(copy(start("1", false)).phase()).isEqualTo(CopyView.Phase.DONE);
    assertThat(world.count("stand in for models:/m-1")).isEqualTo(1);
    assertThat(arrived().tags())
        .containsEntry(Tags.LINEAGE, "dev dev.ml.diabetes/1 run run-of-portage");
  }

  @Test
  void anAliasStandsForItsVersion() {
    world.registry.marks.put("dev/champion", "1");

    assertThat(copy(start("champion", false)).version()).isEqualTo("1");
    assertThat(copy(start("1", false)).toVersion()).isEqualTo("1");
  }

  @Test
  void oneVersionHasOneCopyAtATimeHoweverItIsNamed() throws Exception {
    world.registry.marks.put("dev/champion", "1");
    FaultyWorld.Hold hold = world.hold("copy copy/dev/prod/diabetes/1");
    WorkflowStub byNumber = WorkflowStub.fromTyped(stub(start("1", false)));
    byNumber.start(start("1", false));
    hold.awaitReached();
    WorkflowStub byAlias = WorkflowStub.fromTyped(stub(start("champion", false)));
    byAlias.start(start("champion", false));
    until(() -> world.effects.stream().filter("settings of a copy"::equals).count() == 2);
    engine.environment.sleep(Duration.ofSeconds(15));
    assertThat(world.count("copy ")).isZero();

    hold.release();

    assertThat(byNumber.getResult(CopyView.class).toVersion()).isEqualTo("1");
    CopyView other = byAlias.getResult(CopyView.class);
    assertThat(other.id()).isEqualTo("copy/dev/prod/diabetes/1");
    assertThat(other.toVersion()).isEqualTo("1");
    assertThat(world.registry.versions).hasSize(2);
  }

  @Test
  void aCopyThatWasStartedByAnAliasReportsWhatFailed() {
    world.registry.marks.put("dev/champion", "1");
    world.failNext("copy", FakeWorld.userFault("no space left"));

    assertThatThrownBy(() -> copy(start("champion", false)))
        .isInstanceOf(WorkflowFailedException.class)
        .hasRootCauseMessage(FakeWorld.userFault("no space left").getMessage());
  }

  @Test
  void duplicatesOfACallWithoutAResponseAreDeletedAtTheEnd() {
    world.planTwins("run in prod", new DuplicatesRemoved(List.of(), Duration.ofSeconds(60)));
    world.planTwins("run in prod", new DuplicatesRemoved(List.of("run r2 is removed"), null));
    long before = engine.environment.currentTimeMillis();

    copy(start("1", false));

    assertThat(world.looks)
        .containsExactlyInAnyOrder(
            "second run in prod beside run-9",
            "second version in prod beside 1",
            "second run in prod beside run-9")
        .endsWith("second run in prod beside run-9");
    assertThat(engine.environment.currentTimeMillis() - before).isGreaterThanOrEqualTo(60_000);
  }

  @Test
  void aFailedCopyChecksForDuplicatesToo() {
    world.failNext("copy", FakeWorld.userFault("no space left"));
    world.failNext("twins", FakeWorld.userFault("no right to read"));

    assertThatThrownBy(() -> copy(start("1", false))).hasStackTraceContaining("no space left");

    assertThat(world.looks).isEmpty();
    assertThat(copy(start("1", false)).phase()).isEqualTo(CopyView.Phase.DONE);
  }

  @Test
  void aDryRunCreatesNothing() {
    CopyView view = copy(start("1", true));

    assertThat(view.id()).startsWith("preflight/copy/dev/prod/");
    assertThat(view.phase()).isEqualTo(CopyView.Phase.LOOKED);
    assertThat(view.files()).isEqualTo(5);
    assertThat(view.toModel()).isEqualTo("prod.ml.diabetes");
    assertThat(world.count("manifest") + world.count("copy ") + world.count("register in prod"))
        .isZero();
  }

  @Test
  void aFailedCopyIsReportedAndContinuesWhenRestarted() {
    world.failNext("copy", FakeWorld.userFault("no space left"));

    assertThatThrownBy(() -> copy(start("1", false)))
        .isInstanceOf(WorkflowFailedException.class)
        .hasRootCauseMessage(FakeWorld.userFault("no space left").getMessage());
    assertThat(copy(start("1", false)).phase()).isEqualTo(CopyView.Phase.DONE);
  }

  @Test
  void aFailedCopyDeletesItsUnfinishedVersion() {
    world.failNext("fill version 1 in prod", FakeWorld.userFault("no right to write"));

    assertThatThrownBy(() -> copy(start("1", false)))
        .rootCause()
        .hasMessageContaining("no right to write")
        .hasMessageContaining(
            "fix it\n  Stopped: version 1 of prod.ml.diabetes in prod was incomplete and was removed.");

    assertThat(world.registry.unfinished).isEmpty();
    assertThat(copy(start("1", false)).toVersion()).isEqualTo("1");
  }

  @Test
  void aVersionThatCannotBeRemovedIsReported() {
    world.failNext("fill version 1 in prod", FakeWorld.userFault("no right to write"));
    world.failNext("giveUpVersion", FakeWorld.userFault("you may not delete versions"));

    assertThatThrownBy(() -> copy(start("1", false)))
        .rootCause()
        .hasMessageContaining("no right to write")
        .hasMessageContaining(
            "a version of prod.ml.diabetes in prod that is incomplete and unused may")
        .hasMessageContaining("by its tag portage_key copy/dev/prod/diabetes/1")
        .hasMessageContaining("you may not delete versions");
  }

  @Test
  void aCancelRemovesItTooAndReportsThat() {
    world.failNext("fill version 1 in prod", FakeWorld.platformFault("no answer"));
    WorkflowStub copy = WorkflowStub.fromTyped(stub(start("1", false)));
    copy.start(start("1", false));
    until(() ->
        copy.describe().getRawDescription().getPendingActivitiesList().stream()
            .anyMatch(activity -> activity.getAttempt() > 1));

    copy.cancel("no longer wanted");

    assertThatThrownBy(() -> copy.getResult(CopyView.class))
        .hasCauseInstanceOf(CanceledFailure.class);
    assertThat(world.registry.unfinished).isEmpty();
    assertThat(copy.describe().getMemo(Memos.SAYS, String.class, String.class))
        .isEqualTo("version 1 of prod.ml.diabetes in prod was incomplete and was removed");
  }

  private void until(BooleanSupplier wanted) {
    Instant end = Instant.now().plusSeconds(60);
    while (!wanted.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      engine.environment.sleep(Duration.ofMillis(100));
    }
  }

  private ModelVersion arrived() {
    return world.registry.versions.stream()
        .filter(version -> version.workspace().equals("prod"))
        .findFirst()
        .orElseThrow();
  }

  private void version(Map<String, String> tags) {
    world.registry.registerVersion(
        new VersionOrder(
            "dev",
            "dev.ml.diabetes",
            new ModelLocation(
                "dev", "1", "run-1", "m-1", "model", "models:/m-1", "mlflow-artifacts:/1"),
            "made",
            tags,
            ""));
  }

  private static CopyStart start(String version, boolean dryRun) {
    return new CopyStart(
        "diabetes", version, "dev", "prod", Verify.FULL, dryRun, "ana@example.com");
  }

  private CopyView copy(CopyStart start) {
    return stub(start).copyVersion(start);
  }

  private CopyWorkflow stub(CopyStart start) {
    return engine
        .environment
        .getWorkflowClient()
        .newWorkflowStub(CopyWorkflow.class, TestTemporal.withId(start.workflowId()));
  }
}
