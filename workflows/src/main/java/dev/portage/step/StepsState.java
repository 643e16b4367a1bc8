package dev.portage.step;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything recorded of steps, for the next run of their workflow.
 *
 * @param results results of finished steps and stages, and what unfinished ones must not forget
 * @param attempts business attempts of steps, where there was more than one
 * @param stop where it stopped and waits for an order to resume, null when it does not
 * @param list every step as people see it, in order
 * @param current the step that began last, null before the first
 */
public record StepsState(
    Map<String, JsonNode> results,
    Map<String, Integer> attempts,
    @Nullable Stop stop,
    List<StepView> list,
    @Nullable String current) {

  public StepsState {
    results = Map.copyOf(results);
    attempts = Map.copyOf(attempts);
    list = List.copyOf(list);
  }
}
