package dev.portage.mlflow;

import java.util.List;
import java.util.Map;

/**
 * What was written down about a run or a logged model.
 *
 * @param metrics last value of each
 * @param params as strings
 * @param tags all of them
 */
public record Facts(List<Metric> metrics, Map<String, String> params, Map<String, String> tags) {

  public Facts {
    metrics = List.copyOf(metrics);
    params = Map.copyOf(params);
    tags = Map.copyOf(tags);
  }
}
