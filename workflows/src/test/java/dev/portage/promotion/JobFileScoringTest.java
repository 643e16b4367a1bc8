package dev.portage.promotion;

import static dev.portage.promotion.PromotionEngine.by;
import static dev.portage.promotion.PromotionEngine.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.approval.Receipt;
import dev.portage.job.NotebookOrder;
import dev.portage.job.ScoringRunOrder;
import dev.portage.plan.Action;
import dev.portage.settings.JobParameters;
import dev.portage.settings.RehearsalSettings;
import dev.portage.settings.Work;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Scoring by a job whose settings are a file of the team's. */
@Tag("S1.10")
class JobFileScoringTest {
  private static final String FILE =
      """
      {"parameters": [{"name": "uri", "default": "{model_uri}"},
        {"name": "live", "default": "models:/{model}@{alias}"},
        {"name": "out", "default": "{table}"}, {"name": "batch", "default": "{batch_id}"}],
       "tasks": [{"task_key": "score", "notebook_task": {"notebook_path": "/Shared/score",
         "source": "WORKSPACE", "base_parameters": {"of": "{commit}"}}}]}
      """;

  @AutoClose private final PromotionEngine engine = new PromotionEngine();
  private final FakeWorld world = engine.world;

  @Test
  void eachRunGetsItsValuesAndThePlanSaysWhatIsNotOfTheCommit() {
    world.scores = new Work.Defined("jobs/score.json", FILE, Duration.ofHours(2), null);
    world.rehearsal = new RehearsalSettings("predictions", null, false);
    WorkflowStub promotion = engine.start();
    engine.untilState(promotion, PromotionState.WAITING);

    Action batch =
        status(promotion).requests().getFirst().plan().actions().stream()
            .filter(action -> action.step().equals("prod/batch"))
            .findFirst()
            .orElseThrow();
    assertThat(batch.then())
        .contains(
            "with the settings in jobs/score.json; not of the commit: task score runs /Shared/score");
    NotebookOrder rehearsed = world.jobs.submitted.getLast();
    Work.Defined inDev = (Work.Defined) rehearsed.running();
    assertThat(inDev.read().at("/parameters/0/default").asText()).startsWith("models:/diabetes/");
    assertThat(inDev.read().at("/parameters/1/default").asText())
        .isEqualTo("models:/diabetes@Production");
    assertThat(inDev.read().at("/parameters/2/default").asText())
        .startsWith("predictions__portage_");

    promotion.update("approve", Receipt.class, by("ana@example.com", "prod-1"));
    assertThat(promotion.getResult(PromotionView.class).state()).isEqualTo(PromotionState.RELEASED);
    ScoringRunOrder order = world.jobs.scored.getLast();
    Work.Defined job = (Work.Defined) Objects.requireNonNull(order.work());
    assertThat(job.read().at("/tasks/0/notebook_task/base_parameters/of").asText()).hasSize(40);
    Map<String, String> given = JobParameters.of(job.read(), order.parameters()).named();
    assertThat(given.get("uri")).startsWith("models:/diabetes/");
    assertThat(given.get("out")).startsWith("predictions__portage_");
    assertThat(given).containsKeys("batch").doesNotContainKeys("live");
  }
}
