package dev.portage.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.gate.EvaluationOrder;
import dev.portage.gate.GateEvaluation;
import dev.portage.gate.GateInput;
import dev.portage.temporal.Payloads;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanTest {

  private static final Action REGISTER =
      new Action(
          "prod/register",
          "registered model churn in prod",
          Planner.VERSIONS,
          "and " + Planner.NEW_VERSION);

  private final Plan silent = new Plan("prod", List.of(REGISTER));
  private final Plan telling = new Plan("prod", List.of(REGISTER), "1–4");

  @Test
  void existingVersionsAreShownByNumber() {
    assertThat(REGISTER.shownNow("1–4")).isEqualTo("versions 1–4");
    assertThat(REGISTER.shownThen("1–4")).isEqualTo("versions 1–4 and a new one");
    assertThat(REGISTER.shownNow("1")).isEqualTo("version 1");
    assertThat(REGISTER.shownNow(null)).isEqualTo("any existing versions");
    assertThat(REGISTER.shownThen(null)).isEqualTo("the same and a new one");

    Action other = new Action("prod/champion", "alias champion", "version 3", "<new version>");
    assertThat(other.shownNow("1–4")).isEqualTo("version 3");
    assertThat(other.shownThen("1–4")).isEqualTo("<new version>");
  }

  @Test
  void whatAChangeComesToIsReadFactByFact() {
    Action serve = new Action("prod/serve", "endpoint", "nothing", "is created; limits: none; x");

    assertThat(serve.facts(null)).containsExactly("is created", "limits: none", "x");
    assertThat(REGISTER.facts("1")).containsExactly("version 1 and a new one");
  }

  @Test
  void decisionsAreNotBoundToTheVersionsShown() {
    assertThat(telling).isEqualTo(silent).hasSameHashCodeAs(silent);
    assertThat(digest(telling)).isEqualTo(digest(silent));
    assertThat(digest(new Plan("qa", List.of(REGISTER)))).isNotEqualTo(digest(silent));
  }

  @Test
  void theVersionsShownSurviveAPayloadAndAreLeftOutWhereUnknown() throws Exception {
    ObjectMapper mapper = Payloads.mapper();
    assertThat(mapper.readValue(mapper.writeValueAsString(telling), Plan.class).versions())
        .isEqualTo("1–4");
    assertThat(mapper.writeValueAsString(silent)).doesNotContain("versions\":");
  }

  private static String digest(Plan plan) {
    GateInput input = new GateInput("prod", Map.of(), null, List.of(), null, List.of(), false);
    return new GateEvaluation().evaluate(new EvaluationOrder(input, "d1", plan)).planDigest();
  }
}
