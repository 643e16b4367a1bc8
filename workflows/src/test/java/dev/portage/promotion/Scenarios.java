package dev.portage.promotion;

import io.temporal.api.history.v1.History;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The scenarios of each kind of workflow that issue commands of their own, each recorded under a
 * name.
 */
final class Scenarios {

  private static final Map<String, Scenario> ALL = new LinkedHashMap<>();

  static {
    AdoptionScenarios.addTo(ALL);
    ChampionScenarios.addTo(ALL);
    CopyScenarios.addTo(ALL);
    NoticeScenarios.addTo(ALL);
    OrderScenarios.addTo(ALL);
    PreflightScenarios.addTo(ALL);
    PromotionScenarios.addTo(ALL);
    RollbackScenarios.addTo(ALL);
    ServingScenarios.addTo(ALL);
    TurnScenarios.addTo(ALL);
  }

  private Scenarios() {}

  /** Records the scenarios that have no history yet. */
  static void record(Path folder) throws Exception {
    Files.createDirectories(folder);
    for (Map.Entry<String, Scenario> way : ALL.entrySet()) {
      Path file = folder.resolve(way.getKey() + ".json");
      if (Files.notExists(file)) {
        try (PromotionEngine engine = new PromotionEngine()) {
          WorkflowStub gone = way.getValue().go(engine);
          Files.write(file, List.of(small(named(engine.historyOfRun(gone)).toJson(true))));
        }
      }
    }
  }

  /** With its workflow's id, which decides what some workflows do, and which JSON leaves out. */
  private static WorkflowExecutionHistory named(WorkflowExecutionHistory history) {
    History.Builder named = history.getHistory().toBuilder();
    named
        .getEventsBuilder(0)
        .getWorkflowExecutionStartedEventAttributesBuilder()
        .setWorkflowId(history.getWorkflowExecution().getWorkflowId());
    return new WorkflowExecutionHistory(named.build());
  }

  /** Large payloads are junk; what made the history long is in its events. */
  private static String small(String json) {
    return json.replaceAll("\"data\": \"[^\"]{100000,}\"", "\"data\": \"Ingi\"");
  }
}
