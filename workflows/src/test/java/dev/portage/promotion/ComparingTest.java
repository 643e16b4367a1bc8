package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.gate.GateOutcome;
import dev.portage.gate.GateResult;
import dev.portage.job.NotebookOrder;
import dev.portage.job.RunResult;
import dev.portage.registry.Tags;
import dev.portage.settings.Work;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A model that looks twice as good by its own training is not better: both are measured on the same
 * data.
 */
class ComparingTest {
  private static final String RUN = "diabetes evaluate";

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @BeforeEach
  void evaluateByANotebook() {
    world.evaluates = new Work.Notebook("notebooks/evaluate.py", Map.of(), Duration.ofHours(1));
    isChampion("dev diabetes/4 run r4 commit " + PromotionEngine.COMMIT);
  }

  private void isChampion(String lineage) {
    world.registry.championTags = Map.of(Tags.LINEAGE, lineage);
    world.registry.isChampion("5", Map.of("rmse", 10.0), PromotionEngine.COMMIT);
  }

  @Test
  void theGateComparesWhatTheNotebookMeasuredOnTheSameData() {
    // By its own training the champion is far better, but on other data.
    world.jobs.exits.put(RUN, "{\"candidate\": {\"rmse\": 51.2}, \"champion\": {\"rmse\": 53.4}}");
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.WAITING);

    NotebookOrder order =
        world.jobs.submitted.stream().filter(o -> o.name().equals(RUN)).findFirst().orElseThrow();
    assertThat(order.workspace()).isEqualTo("dev");
    assertThat(order.running().parameters())
        .containsEntry("candidate_uri", "models:/diabetes/1")
        .containsEntry("champion_uri", "models:/diabetes/4");
    assertThat(answer(view).outcome()).isEqualTo(GateOutcome.PASS);
    assertThat(answer(view).measured()).isEqualTo("51.2");
    assertThat(answer(view).required()).contains("on the same data by notebooks/evaluate.py");
  }

  @Test
  void aModelWorseOnTheSameDataIsRejectedHoweverGoodItsTraining() {
    world.jobs.exits.put(RUN, "{\"candidate\": {\"rmse\": 9.0}, \"champion\": {\"rmse\": 8.0}}");
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.REJECTED);
  }

  @Test
  void aChampionOfUnknownOriginIsForAPersonToJudge() {
    isChampion("qa diabetes/4 run r4");
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.WAITING);

    assertThat(answer(view).outcome()).isEqualTo(GateOutcome.INCONCLUSIVE);
    assertThat(answer(view).measured())
        .isEqualTo("version 5 doesn't record which version of dev it is");
    assertThat(world.count("submit notebooks/evaluate.py")).isZero();
  }

  @Test
  void anInvalidResultStopsWithTheExpectedForm() {
    world.jobs.exits.put(RUN, "{\"rmse\": 51.2}");
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says()).contains("it returned {\"rmse\": 51.2}");
    world.jobs.exits.put(RUN, "{\"candidate\": {\"rmse\": NaN}, \"champion\": {\"rmse\": 53.4}}");
    promotion.update("resume", Receipt.class, by("ana@example.com", "stop-1"));
    engine.untilState(promotion, PromotionState.REJECTED);
    assertThat(world.count("submit notebooks/evaluate.py")).isEqualTo(2);
  }

  @Test
  void aMetricThatIsNotReturnedIsInconclusive() {
    world.jobs.exits.put(RUN, "{\"candidate\": {\"mae\": 1}, \"champion\": {\"rmse\": 53.4}}");
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.WAITING);

    assertThat(answer(view).measured()).isEqualTo("not returned for the candidate");
  }

  @Test
  void aFailedNotebookStopsBeforeAnyoneIsAsked() {
    world.jobs.endNext(RUN, RunResult.Ending.FAILED);
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.STOPPED);

    assertThat(view.says()).contains("stopped at prod/evaluate", "column bmi is empty");
  }

  @Test
  void aComparisonWithAnotherChampionIsRepeated() {
    world.jobs.exits.put(RUN, "{\"candidate\": {\"rmse\": 51.2}, \"champion\": {\"rmse\": 53.4}}");
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);
    world.registry.isChampion("6", Map.of("rmse", 99.0), PromotionEngine.COMMIT);
    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));

    engine.until(promotion, view -> "prod-2".equals(view.request()));
    assertThat(world.count("submit notebooks/evaluate.py")).isEqualTo(2);
  }

  @Test
  void withoutANotebookTheEvidenceSaysThatEachWasMeasuredByItsOwnTraining() {
    world.evaluates = null;
    world.registry.isChampion("5", Map.of("rmse", 55.0), PromotionEngine.COMMIT);
    WorkflowStub promotion = engine.start();
    PromotionView view = engine.untilState(promotion, PromotionState.WAITING);

    assertThat(answer(view).required()).endsWith(", each measured by its own training");
  }

  private static GateResult answer(PromotionView view) {
    return List.copyOf(view.requests()).getLast().evidence().results().stream()
        .filter(result -> result.gate().equals("rmse vs champion"))
        .findFirst()
        .orElseThrow();
  }
}
